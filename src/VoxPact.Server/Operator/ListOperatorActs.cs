using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Operator;

/// <summary>The operator's log: every act with its reason, newest first.</summary>
internal static class ListOperatorActs
{
    private const string Filter = "operator acts";

    public static async Task<Reply> Handle(Call call)
    {
        int limit = call.Queries.Limit();
        var cursors = call.Deployment.Cursors;
        var after = call.Queries.After(cursors, Guid.Empty, Filter) ?? Paging.Top;
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        if (await call.RefuseUnlessOperatorAsync() is { } refusal) return Reply.Refused(refusal);
        var rows = await call.Deployment.Store.QueryAsync(
            OperatorQueries.Log(Paging.NumberOf(after), limit + 1), call.Aborted);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit
            ? cursors.Encode(Guid.Empty, Filter, Paging.IdOf(page[^1].Fact.Sequence))
            : null;
        return Answers.Page([.. page.Select(View)], next, VoxPactJson.Wire.PageOperatorLogLine);
    }

    private static OperatorLogLine View(OperatorQueries.Noted row)
    {
        using var data = JsonDocument.Parse(row.Fact.Data);
        string? Word(string name) => data.RootElement.TryGetProperty(name, out var word) ? word.GetString() : null;
        return new OperatorLogLine
        {
            Number = row.Fact.Sequence,
            Act = Word("outcome")!,
            About = new OperatorActAbout
            {
                JobId = Word("job_id"),
                AgentId = Word("agent_id"),
                OwnerId = Word("owner_id"),
                OperationId = Word("operation_id"),
            },
            Reason = row.Note,
            By = Word("by")!,
            At = JobView.Time(row.Fact.AtUs),
        };
    }
}
