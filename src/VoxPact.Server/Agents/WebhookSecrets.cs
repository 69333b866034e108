using System.Security.Cryptography;

namespace VoxPact.Server.Agents;

/// <summary>Signing secrets as Standard Webhooks writes them: <c>whsec_</c> and base64 of 32 random bytes.</summary>
internal static class WebhookSecrets
{
    public static string Create() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
