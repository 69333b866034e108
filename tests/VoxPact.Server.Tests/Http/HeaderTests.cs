using Microsoft.AspNetCore.Http;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Http;
using Xunit;

namespace VoxPact.Server.Tests.Http;

public sealed class HeaderTests
{
    private static readonly string AgentKey = ApiKey.Create(ApiKey.AgentPrefix, new byte[32]);
    private static readonly string OperatorKey = ApiKey.Create(ApiKey.OperatorPrefix, new byte[32]);

    private static HttpRequest With(string header, params string[] values)
    {
        var http = new DefaultHttpContext();
        if (values.Length > 0) http.Request.Headers[header] = values;
        return http.Request;
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    [InlineData("ApiKey")]
    [InlineData("apikey")]
    public void A_key_is_read_in_both_ways_of_sending_it(string scheme)
    {
        (Credential? credential, Refusal? refusal) =
            Credentials.Require(With("Authorization", $"{scheme} {AgentKey}"));
        Assert.Equal((new Credential(CredentialKind.Agent, AgentKey), null), (credential, refusal));
        (credential, _) = Credentials.Require(With("Authorization", $"{scheme}  {OperatorKey} "));
        Assert.Equal(new Credential(CredentialKind.Operator, OperatorKey), credential);
    }

    [Fact]
    public void A_credential_does_not_print_its_key() =>
        Assert.DoesNotContain(AgentKey, new Credential(CredentialKind.Agent, AgentKey).ToString());

    public static TheoryData<string> Malformed =>
    [
        "", " ", "Bearer", "Bearer ", AgentKey, "Basic " + AgentKey, "Bearer " + AgentKey[..^1],
        "Bearer " + AgentKey + "0", "Bearer " + AgentKey.ToUpperInvariant(), "Bearer vxp_live_xxxxxxxxxxxx",
        $"Bearer {AgentKey}, Bearer {AgentKey}", $"Bearer \"{AgentKey}\"", "Bearer\0" + AgentKey,
        "Bearer " + new string('x', 9_999),
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Anything_else_is_a_malformed_credential(string header)
    {
        (Credential? credential, Refusal? refusal) = Credentials.Read(With("Authorization", header));
        Assert.Null(credential);
        Assert.Equal(RefusalCode.MalformedCredential, refusal?.Code);
    }

    [Fact]
    public void No_header_is_right_for_public_calls_only()
    {
        Assert.Equal((null, null), Credentials.Read(With("Authorization")));
        Assert.Equal((null, Credentials.Missing), Credentials.Require(With("Authorization")));
        string header = "Bearer " + AgentKey;
        Assert.NotNull(Credentials.Read(With("Authorization", header, header)).Refusal);
    }

    [Theory]
    [InlineData("k", true, true)]
    [InlineData("k", false, false)]
    [InlineData("1234567890123456789012", false, true)]
    [InlineData("123456789012345678901", false, false)]
    [InlineData("", true, false)]
    [InlineData("with a space", true, true)]
    [InlineData("tab\t", true, false)]
    [InlineData("ünicode", true, false)]
    public void An_idempotency_key_is_printable_and_long_enough(string key, bool hasCredential, bool good)
    {
        (string? read, Refusal? refusal) =
            IdempotencyKey.Read(With("Idempotency-Key", key), hasCredential);
        Assert.Equal(good ? key : null, read);
        Assert.Equal(good, refusal is null);
        if (!good) Assert.Contains("Idempotency-Key", refusal!.Errors!.Keys);
    }

    [Fact]
    public void An_idempotency_key_is_single_bounded_and_optional()
    {
        Assert.Equal((null, null), IdempotencyKey.Read(With("Idempotency-Key"), false));
        Assert.NotNull(IdempotencyKey.Read(With("Idempotency-Key", "a", "a"), true).Refusal);
        Assert.Null(IdempotencyKey.Read(With("Idempotency-Key", new string('k', 255)), true).Refusal);
        Assert.NotNull(IdempotencyKey.Read(With("Idempotency-Key", new string('k', 256)), true).Refusal);
    }
}
