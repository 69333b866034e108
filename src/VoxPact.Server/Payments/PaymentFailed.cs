using VoxPact.Domain;
using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Payments;

/// <summary>Why a charge failed, as the 402 that its request is answered with.</summary>
internal static class PaymentFailed
{
    public const string NeedsAction = "authentication_required";

    public static Refusal Because(Operation? charge) => charge?.FailureCode switch
    {
        NeedsAction => new Refusal(RefusalCode.PaymentActionRequired,
            "The bank wants the card's owner present for this payment: let them open the link and pay there. It "
            + "becomes balance, from which the same post, with a new Idempotency-Key, is funded then.",
            Link: charge.ActionUrl),
        { } code => new Refusal(RefusalCode.PaymentDeclined,
            $"The payment was declined ({code}): {charge.FailureText?.TrimEnd('.')}. Save another card and "
            + "post again."),
        null => new Refusal(RefusalCode.PaymentDeclined,
            "The payment for this job did not come through; check the saved card and post again."),
    };
}
