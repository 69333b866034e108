namespace VoxPact.Server.Payments;

/// <summary>
/// A call to Stripe that moves no money did not succeed. Thrown by such calls only, and the only exception
/// they throw for Stripe's part; callers answer it with <c>RefusalCode.PaymentProviderUnavailable</c> unless
/// they know better.
/// </summary>
internal sealed class PaymentProviderUnavailable(string message, string? code, Exception cause)
    : Exception(message, cause)
{
    /// <summary>
    /// Stripe's error code when it was reached and refused the request itself, such as <c>email_invalid</c>:
    /// trying again will not help. Null when it was out of reach, busy or broken.
    /// </summary>
    public string? RefusedCode { get; } = code;
}
