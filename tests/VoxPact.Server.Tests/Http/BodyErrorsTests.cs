using System.Text;
using System.Text.Json.Serialization.Metadata;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Http;
using Xunit;

namespace VoxPact.Server.Tests.Http;

public sealed class BodyErrorsTests
{
    private const string Head = "\"title\":\"t\",\"description\":\"d\",\"amount\":";
    private const string Good = Head + "0.10";

    private static Refusal? Refuse<T>(string body, JsonTypeInfo<T> type) where T : class =>
        StrictBody.Parse(Encoding.UTF8.GetBytes(body), type).Refusal;

    [Theory]
    [InlineData("", "title|description", "title is required.")]
    [InlineData(Good + ",\"colour\":1", "colour", "This member is not known here")]
    [InlineData(Good + ",\"deadlineHours\":1", "deadlineHours", "Did you mean deadline_hours?")]
    [InlineData(Good + ",\"Title\":\"t\"", "Title", "Did you mean title?")]
    [InlineData(Good + ",\"title\":\"u\"", "title", "This member is given twice.")]
    [InlineData(Good + ",\"ti\\u0074le\":\"u\"", "title", "This member is given twice.")]
    [InlineData(Good + ",\"task_spec\":{\"a\":[{\"b\":1,\"b\":2}]}", "task_spec.a[0].b", "given twice")]
    [InlineData(Good + ",\"spec\":{}", "spec", "This member is not known here")]
    [InlineData(Good + ",\"state\":\"completed\"", "state", "This member is not known here")]
    [InlineData(Good + ",\"deadline_hours\":\"24\"", "deadline_hours", "is a whole number")]
    [InlineData(Good + ",\"deadline_hours\":1.5", "deadline_hours", "is a whole number")]
    [InlineData(Good + ",\"deadline_hours\":99999999999", "deadline_hours", "is a whole number")]
    [InlineData(Good + ",\"deadline\":\"tomorrow\"", "deadline", "RFC 3339")]
    [InlineData(Good + ",\"deadline\":5", "deadline", "RFC 3339")]
    [InlineData(Good + ",\"worker_agent_id\":7", "worker_agent_id", "is text")]
    [InlineData(Good + ",\"required_capabilities\":\"a\"", "required_capabilities", "is a list of texts")]
    [InlineData(Good + ",\"required_capabilities\":[\"a\",null]",
        "required_capabilities[1]", "a list of texts")]
    [InlineData(Good + ",\"required_capabilities\":[\"a\",1,\"b\",{}]",
        "required_capabilities[1]|required_capabilities[3]", "a list of texts")]
    [InlineData("\"title\":null,\"description\":\"d\",\"amount\":1", "title", "cannot be null")]
    [InlineData("\"title\":\"t\",\"description\":null,\"amount\":1", "description", "cannot be null")]
    [InlineData(Head + "\"0.10\"", "amount", "a JSON number such as 0.10")]
    [InlineData(Head + "1e-9", "amount", "without an exponent")]
    [InlineData(Head + "1234567890123456789", "amount", "18 digits")]
    [InlineData("\"title\":1,\"amount\":true", "title|amount|description", "title is text")]
    public void Each_fault_is_named_by_its_member(string body, string members, string sentence)
    {
        Refusal refusal = Assert.IsType<Refusal>(Refuse($"{{{body}}}", VoxPactJson.Wire.PostJobRequest));
        Assert.Equal(RefusalCode.ValidationFailed, refusal.Code);
        Assert.Equal(members.Split('|'), refusal.Errors!.Keys);
        Assert.Contains(sentence, refusal.Errors!.First().Value[0]);
        Assert.Equal(refusal.Errors!.First().Value[0], refusal.Sentence);
    }

    [Theory]
    [InlineData("""{"pricing":{"per_hour":1}}""", "pricing.per_hour")]
    [InlineData("""{"pricing":[]}""", "pricing")]
    [InlineData("""{"pricing":{"per_job":"1"}}""", "pricing.per_job")]
    [InlineData("""{"monthly_limit":"1"}""", "monthly_limit")]
    [InlineData("""{"capabilities":[null]}""", "capabilities[0]")]
    [InlineData("""{"rate_card":{"a":1,"a":1}}""", "rate_card.a")]
    [InlineData("""{"description":5}""", "description")]
    [InlineData("""{"description":"a","description":"b"}""", "description")]
    [InlineData("""{"trust_score":100}""", "trust_score")]
    public void Members_that_may_be_absent_are_named_as_well(string body, string member) =>
        Assert.Equal([member], Refuse(body, VoxPactJson.Wire.UpdateAgentRequest)?.Errors?.Keys);

    [Theory]
    [InlineData("""{"webhook_url":null,"pricing":null,"rate_card":null}""")]
    [InlineData("""{"rate_card":{"a":[null,{"b":null}]}}""")]
    [InlineData("{}")]
    public void Nulls_where_they_may_be_are_no_fault(string body) =>
        Assert.Null(Refuse(body, VoxPactJson.Wire.UpdateAgentRequest));

    [Fact]
    public void Errors_are_bounded_in_number_and_length()
    {
        string name = new('x', 200);
        string members = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"\"{name}{i}\":1"));
        Refusal refusal = Assert.IsType<Refusal>(
            Refuse($"{{{members}}}", VoxPactJson.Wire.DisputeJobRequest));
        Assert.InRange(refusal.Errors!.Count, 1, 20);
        Assert.All(refusal.Errors!.Keys, key => Assert.InRange(key.Length, 1, 110));
    }

    [Fact]
    public void Every_member_of_every_answer_is_refused_in_every_request()
    {
        (JsonTypeInfo Type, Func<string, Refusal?> Refuse)[] requests =
        [
            Request(VoxPactJson.Wire.RegisterAgentRequest), Request(VoxPactJson.Wire.UpdateAgentRequest),
            Request(VoxPactJson.Wire.PostJobRequest), Request(VoxPactJson.Wire.SubmitRequest),
            Request(VoxPactJson.Wire.RequestRevisionRequest), Request(VoxPactJson.Wire.CancelJobRequest),
            Request(VoxPactJson.Wire.DeclineJobRequest), Request(VoxPactJson.Wire.DisputeJobRequest),
            Request(VoxPactJson.Wire.ResolveDisputeRequest), Request(VoxPactJson.Wire.BidRequest),
            Request(VoxPactJson.Wire.ClockRequest), Request(VoxPactJson.Wire.EmptyRequest),
        ];
        JsonTypeInfo[] answers =
        [
            VoxPactJson.Wire.AgentProfile, VoxPactJson.Wire.JobResource, VoxPactJson.Wire.BidResource,
            VoxPactJson.Wire.SubmissionResource, VoxPactJson.Wire.PaymentMethodResource,
        ];
        foreach ((JsonTypeInfo request, Func<string, Refusal?> refuse) in requests)
        {
            foreach (string member in answers.SelectMany(a => a.Properties).Select(p => p.Name).Distinct())
            {
                if (request.Properties.Any(p => p.Name == member)) continue;
                Assert.Contains(member, refuse($$"""{"{{member}}":null}""")?.Errors?.Keys ?? []);
            }
        }
    }

    private static (JsonTypeInfo, Func<string, Refusal?>) Request<T>(JsonTypeInfo<T> type) where T : class =>
        (type, body => Refuse(body, type));
}
