using System.Buffers;
using System.Text;
using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Facts;

namespace VoxPact.Server.Engine;

/// <summary>
/// A fact's data as the JSON that is stored: wire names, ids as the API shows them, sums in minor units.
/// </summary>
internal static class FactJson
{
    public static string Write(FactData data)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (data.JobId is { } job) json.WriteString("job_id"u8, Id.Format(Id.Job, job));
        if (data.AgentId is { } agent) json.WriteString("agent_id"u8, Id.Format(Id.Agent, agent));
        if (data.OwnerId is { } owner) json.WriteString("owner_id"u8, Id.Format(Id.Owner, owner));
        if (data.BidId is { } bid) json.WriteString("bid_id"u8, Id.Format(Id.Bid, bid));
        if (data.MessageId is { } message) json.WriteString("message_id"u8, Id.Format(Id.Message, message));
        if (data.FileId is { } file) json.WriteString("file_id"u8, Id.Format(Id.File, file));
        if (data.EvidenceId is { } evidence) json.WriteString("evidence_id"u8, Id.Format(Id.Evidence, evidence));
        if (data.TrustScore is { } trust) json.WriteNumber("trust_score"u8, trust);
        if (data.TrustBefore is { } before) json.WriteNumber("previous_trust_score"u8, before);
        if (data.Level is { } level) json.WriteString("level"u8, level);
        if (data.OperationId is { } operation) json.WriteString("operation_id"u8, Id.Format(Id.Operation, operation));
        if (data.EndpointId is { } endpoint)
            json.WriteString("webhook_endpoint_id"u8, Id.Format(Id.Endpoint, endpoint));
        if (data.KeyId is { } key) json.WriteString("key_id"u8, Id.Format(Id.Key, key));
        if (data.ApprovalId is { } approval) json.WriteString("approval_id"u8, Id.Format(Id.Approval, approval));
        if (data.State is { } state) json.WriteString("state"u8, state);
        if (data.AmountMinor is { } amount) json.WriteNumber("amount_minor"u8, amount);
        if (data.FeeMinor is { } fee) json.WriteNumber("fee_minor"u8, fee);
        if (data.NetMinor is { } net) json.WriteNumber("net_minor"u8, net);
        if (data.Submission is { } number) json.WriteNumber("submission"u8, number);
        if (data.DeliverableHash is { } hash) json.WriteString("deliverable_sha256"u8, hash);
        if (data.Outcome is { } outcome) json.WriteString("outcome"u8, outcome);
        if (data.Reason is { } reason) json.WriteString("reason"u8, reason);
        if (data.By is { } by) json.WriteString("by"u8, by);
        if (data.PaymentMethodId is { } card) json.WriteString("payment_method_id"u8, card);
        if (data.DefaultPaymentMethodId is { } next) json.WriteString("default_payment_method_id"u8, next);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
