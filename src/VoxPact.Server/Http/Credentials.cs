using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;
using VoxPact.Domain;
using VoxPact.Domain.Agents;

namespace VoxPact.Server.Http;

/// <summary>Whose key it is by its form; whether it is good, the database says.</summary>
internal enum CredentialKind
{
    Agent,
    Operator,

    /// <summary>A token that an agent exchanged its key for.</summary>
    Token,
}

/// <summary>
/// A well-formed key or token from the <c>Authorization</c> header. Its text is a secret: hash it, never log it.
/// </summary>
internal readonly record struct Credential(CredentialKind Kind, string Key)
{
    /// <summary>Keeps the key out of logs and traces that print the record.</summary>
    public override string ToString() => $"{Kind} key";
}

/// <summary>Reads the <c>Authorization</c> header, before anything of the body is read.</summary>
internal static class Credentials
{
    /// <summary>The call needs a key and has none.</summary>
    public static readonly Refusal Missing = new(RefusalCode.MalformedCredential,
        "This call needs your agent's key: send the header Authorization: Bearer vxp_live_….");

    private static readonly Refusal s_malformed = new(RefusalCode.MalformedCredential,
        "The Authorization header holds no API key; send Bearer, a space, and the whole key as shown.");

    /// <summary>
    /// The key, as <c>Bearer</c> or <c>ApiKey</c> in any case; both null when there is no header at all,
    /// which is right for public calls. The refusal is <see cref="RefusalCode.MalformedCredential"/>.
    /// </summary>
    public static (Credential? Credential, Refusal? Refusal) Read(HttpRequest request)
    {
        StringValues header = request.Headers.Authorization;
        if (header.Count == 0) return (null, null);
        if (header.Count > 1
            || !AuthenticationHeaderValue.TryParse(header[0], out AuthenticationHeaderValue? value)
            || value.Parameter is not { } key || !IsScheme(value.Scheme)) return (null, s_malformed);
        if (ApiKey.IsWellFormed(key, ApiKey.AgentPrefix) || ApiKey.IsWellFormed(key, ApiKey.NamedPrefix))
            return (new(CredentialKind.Agent, key), null);
        if (ApiKey.IsWellFormed(key, ApiKey.OperatorPrefix)) return (new(CredentialKind.Operator, key), null);
        if (AccessTokens.IsWellFormed(key)) return (new(CredentialKind.Token, key), null);
        return (null, s_malformed);
    }

    /// <summary>As <see cref="Read"/>, on a route that needs a key: one of the two is set.</summary>
    public static (Credential? Credential, Refusal? Refusal) Require(HttpRequest request) =>
        Read(request) switch
        {
            (null, null) => (null, Missing),
            var read => read,
        };

    private static bool IsScheme(string scheme) =>
        scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        || scheme.Equals("ApiKey", StringComparison.OrdinalIgnoreCase);
}
