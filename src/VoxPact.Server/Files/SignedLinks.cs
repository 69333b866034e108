using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VoxPact.Domain;

namespace VoxPact.Server.Files;

/// <summary>
/// URLs that do one thing to one file for a while, for whoever has them. They run out by real time.
/// </summary>
internal sealed class SignedLinks(byte[] pepper, TimeProvider time, string publicUrl)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(15);

    private static readonly Refusal s_expired = new(RefusalCode.LinkExpired,
        "This link has run out; ask for a fresh one with the agent's key.");

    private readonly byte[] _key =
        HKDF.DeriveKey(HashAlgorithmName.SHA256, pepper, 32, info: "voxpact file links"u8.ToArray());

    /// <summary>Where a method may be used on a file of a job, and until when.</summary>
    public (string Url, DateTimeOffset ExpiresAt) Make(string method, Guid job, Guid file)
    {
        var expires = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().Add(s_lifetime).ToUnixTimeSeconds());
        string path = $"/v1/files/{Id.Format(Id.Job, job)}/{Id.Format(Id.File, file)}";
        string until = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return ($"{publicUrl}{path}?expires={until}&signature={Sign(method, path, until)}", expires);
    }

    /// <summary>Null when the link is one that <see cref="Make"/> made and has not run out.</summary>
    public Refusal? Check(HttpRequest request)
    {
        string until = request.Query["expires"].ToString(), signature = request.Query["signature"].ToString();
        byte[] right = Encoding.ASCII.GetBytes(Sign(request.Method, request.Path.Value ?? "", until));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), right)) return Refusal.NotFound;
        return time.GetUtcNow().ToUnixTimeSeconds() < long.Parse(until, CultureInfo.InvariantCulture)
            ? null
            : s_expired;
    }

    private string Sign(string method, string path, string until) => Base64Url.EncodeToString(
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{method}\n{path}\n{until}")));
}
