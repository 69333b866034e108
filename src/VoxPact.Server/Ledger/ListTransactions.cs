using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>The ledger as its owner's statement of account: every line with the balances that it left.</summary>
internal static class ListTransactions
{
    private static readonly Dictionary<string, MovementKind> Kinds =
        Enum.GetValues<MovementKind>().ToDictionary(WordOf, kind => kind);

    /// <summary>The words of the filter.</summary>
    public static IReadOnlyCollection<string> Words => Kinds.Keys;

    public static async Task<Reply> Handle(Call call)
    {
        var query = call.Queries;
        int limit = query.Limit();
        var words = query.Words("kind", Kinds.Keys);
        var job = query.Id("job", Id.Job);
        if (query.Refusal is { } unclear) return Reply.Refused(unclear);
        string filter = $"transactions {job} {string.Join(',', words.Order())}";
        var (caller, after, refusal) = await Paging.AfterAsync(call, filter);
        if (refusal is not null) return Reply.Refused(refusal);
        var (_, rows, unknown) = await call.QueryAsync(AccountQueries.Lines(
            caller!.OwnerId, Paging.NumberOf(after), job, [.. words.Select(word => Kinds[word])], limit + 1));
        if (unknown is not null) return Reply.Refused(unknown);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit
            ? call.Deployment.Cursors.Encode(caller.Id, filter, Paging.IdOf(page[^1].Left.Number))
            : null;
        return Answers.Page([.. page.Select(line => Show(line, call.Deployment.Policy))], next,
            VoxPactJson.Wire.PageTransaction);
    }

    public static string WordOf(MovementKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static Transaction Show(AccountQueries.Line line, Policy policy)
    {
        decimal Shown(Money money) => money.ToDecimal(policy.CurrencyDecimals);
        var (entry, left) = line;
        return new Transaction
        {
            Number = left.Number,
            Id = entry.EntryId,
            Kind = WordOf(entry.Movement),
            JobId = entry.IsOfJob ? Id.Format(Id.Job, entry.Subject) : null,
            OperationId = entry.IsOfJob ? null : Id.Format(Id.Operation, entry.Subject),
            Amount = Shown(entry.Amount),
            At = JobView.Time(entry.AtUs),
            Balance = new AccountSums
            {
                Available = Shown(left.Available),
                Escrow = Shown(left.Escrow),
                Earnings = Shown(left.Earnings),
                InTransit = Shown(left.InTransit),
                Held = Shown(left.Held),
                Receivable = Shown(left.Receivable),
            },
        };
    }
}
