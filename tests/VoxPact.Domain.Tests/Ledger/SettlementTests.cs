using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using Xunit;

namespace VoxPact.Domain.Tests.Ledger;

public sealed class SettlementTests
{
    private const long HourUs = JobTimes.HourUs;

    [Theory]
    [InlineData(false, 19, null, true, NextSending.SendAgain)]
    [InlineData(false, 20, null, true, NextSending.NoteEmptyRead)]
    [InlineData(true, 0, null, true, NextSending.NoteEmptyRead)]
    [InlineData(true, 1, 1L, true, NextSending.Wait)]
    [InlineData(false, 21, 1L, true, NextSending.Wait)]
    [InlineData(true, 2, 61L, true, NextSending.NewKey)]
    [InlineData(false, 30, 61L, true, NextSending.NewKey)]
    [InlineData(true, 2, 61L, false, NextSending.AskOperator)]
    [InlineData(false, 19, 61L, true, NextSending.SendAgain)]
    public void A_key_is_sent_again_only_while_it_is_young_and_the_provider_has_not_failed_under_it(
        bool mustRead, int hoursOld, long? emptyMinutesAgo, bool mayRenew, NextSending expected)
    {
        const long now = 1_000 * HourUs;
        var operation = Transfer() with
        {
            MustRead = mustRead,
            FirstSentUs = now - hoursOld * HourUs,
            EmptyReadUs = now - emptyMinutesAgo * HourUs / 60,
        };
        Assert.Equal(expected, SendingRules.AfterEmptyRead(operation, mayRenew, now));
    }

    [Fact]
    public void A_renewed_operation_has_another_key_and_no_history()
    {
        var old = Transfer() with { MustRead = true, FirstSentUs = 1, EmptyReadUs = 2 };
        var renewed = SendingRules.Renew(old);
        Assert.Equal((2, false, null, null),
            (renewed.Generation, renewed.MustRead, renewed.FirstSentUs, renewed.EmptyReadUs));
        Assert.NotEqual(old.IdempotencyKey, renewed.IdempotencyKey);
        Assert.Equal(old.Name, renewed.Name);
    }

    [Theory]
    [InlineData("balance_insufficient", 0)]
    [InlineData("account_invalid", 1)]
    public void A_refused_transfer_is_earnings_again_and_goes_later_and_only_a_bad_account_is_told(string code, int told)
    {
        var scene = new Scene(0);
        var owner = Scene.NewOwner(Scene.WorkerOwner) with
        {
            AccountId = "acct_1",
            PayoutsEnabled = true,
            InTransit = new Money(10),
        };
        var decision = Settlement.Of(
            Transfer() with { State = OperationState.Declined, FailureCode = code }, owner, null, [Scene.Worker],
            new JobContext(scene.NowUs, Scene.Policy));
        Assert.Equal(MovementKind.TransferFailed, Assert.Single(decision.Entries).Movement);
        Assert.Equal(told, decision.Facts.Count(fact => fact.Type is FactType.PayoutFailed));
        var later = Assert.Single(decision.Work);
        Assert.Equal((WorkKind.PayOut, scene.NowUs + HourUs), (later.Kind, later.DueUs));
    }

    private static Operation Transfer() => new()
    {
        Id = Scene.Numbered(1),
        Kind = OperationKind.Transfer,
        OwnerId = Scene.WorkerOwner,
        Amount = new Money(10),
        Body = "",
        CreatedUs = 0,
    };
}
