using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace VoxPact.Server.Tests.Harness;

/// <summary>
/// The side of S3's wire that checks signatures (AWS Signature Version 4), computed from the published rules and from
/// the bytes that really came. It keeps nothing: what is asked for is not there.
/// </summary>
internal sealed class SignedRequests(string accessKey, string secretKey, string region)
{
    private static readonly string s_nothing = Convert.ToHexStringLower(SHA256.HashData([]));

    /// <summary>Method, path and body's hash of the requests that were signed as they must be.</summary>
    public List<string> Seen { get; } = [];

    public async Task AnswerAsync(HttpContext http)
    {
        var request = http.Request;
        string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(request.Body, http.RequestAborted));
        if (!IsSigned(request, hash))
        {
            await ErrorAsync(http, 403, "SignatureDoesNotMatch", "The signature is not the request's.");
            return;
        }
        Seen.Add($"{request.Method} {request.Path} {(hash == s_nothing ? "-" : hash)}");
        if (request.Method == "GET") await ErrorAsync(http, 404, "NoSuchKey", "There is no such object.");
        else if (request.Method == "DELETE") http.Response.StatusCode = 204;
        else http.Response.Headers.ETag = "\"0\"";
    }

    private bool IsSigned(HttpRequest request, string bodyHash)
    {
        string given = request.Headers.Authorization.ToString();
        string[] parts = given.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        string Part(string name) => parts.First(part => part.StartsWith(name))[(name.Length + 1)..];
        string time = request.Headers["x-amz-date"].ToString(), scope = $"{time[..8]}/{region}/s3/aws4_request";
        string names = Part("SignedHeaders");
        if (Part("Credential") != $"{accessKey}/{scope}" || request.Headers["x-amz-content-sha256"] != bodyHash
            || !names.Split(';').Contains("x-amz-content-sha256")) return false;
        string canonical = string.Join('\n', request.Method, request.Path.Value, Query(request),
            string.Concat(names.Split(';').Select(name => $"{name}:{request.Headers[name].ToString().Trim()}\n")), names, bodyHash);
        string toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n"
            + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (string step in scope.Split('/').Append(toSign)) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        return Part("Signature") == Convert.ToHexStringLower(key);
    }

    private static string Query(HttpRequest request) => string.Join('&', request.Query
        .OrderBy(one => one.Key, StringComparer.Ordinal)
        .Select(one => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(one.Value.ToString())}"));

    private static Task ErrorAsync(HttpContext http, int status, string code, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync($"<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    }
}
