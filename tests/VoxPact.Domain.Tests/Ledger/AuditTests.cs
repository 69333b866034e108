using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using Xunit;

namespace VoxPact.Domain.Tests.Ledger;

public sealed class AuditTests
{
    [Theory]
    [InlineData("funding")]
    [InlineData("open")]
    [InlineData("offered")]
    [InlineData("review")]
    [InlineData("completed")]
    [InlineData("cancelled")]
    public void A_job_as_it_was_written_has_no_findings(string place)
    {
        var scene = Scene.At(place);
        Assert.Empty(Audit.Of(scene.Job, scene.Books.EntriesOf(Scene.JobId)));
    }

    public static TheoryData<string, string, int> Changes => new()
    {
        { "completed", "a missing entry", Audit.Movement },
        { "completed", "another amount", Audit.Movement },
        { "completed", "another amount", Audit.Escrow },
        { "completed", "another account", Audit.Movement },
        { "completed", "another time", Audit.Movement },
        { "completed", "another fee", Audit.Movement },
        { "completed", "another state", Audit.Closing },
        { "completed", "no release", Audit.Closing },
        { "cancelled", "no release", Audit.Closing },
        { "completed", "another escrow", Audit.Escrow },
        { "review", "another amount", Audit.Escrow },
        { "review", "an entry twice", Audit.Movement },
        { "review", "a foreign entry", Audit.Movement },
        { "review", "a refund", Audit.Closing },
        { "funding", "a refund", Audit.Movement },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Every_change_to_a_jobs_money_is_found(string place, string change, int invariant)
    {
        var scene = Scene.At(place);
        var job = scene.Job;
        var entries = scene.Books.EntriesOf(Scene.JobId).ToList();
        switch (change)
        {
            case "a missing entry": entries.RemoveAt(entries.Count - 1); break;
            case "another amount":
                entries[0] = entries[0] with { Amount = entries[0].Amount + new Money(1) };
                break;
            case "another account":
                entries[0] = entries[0] with { Debit = Account.Earnings(Scene.BuyerOwner) };
                break;
            case "another time": entries[^1] = entries[^1] with { AtUs = entries[^1].AtUs + 1 }; break;
            case "another fee": job = job with { Fee = new BasisPoints(2_000) }; break;
            case "another state": job = Job.Restore(job, JobState.Cancelled); break;
            case "no release": entries.RemoveAll(entry => entry.Slot is Slot.Close); break;
            case "another escrow": job = job with { Escrow = new Money(1) }; break;
            case "an entry twice": entries.Add(entries[0]); break;
            case "a foreign entry":
                entries.AddRange(Movements.PayOut(job.Id, Scene.WorkerOwner, new Money(1), 1));
                break;
            default: entries.AddRange(Movements.Refund(job.Id, Scene.BuyerOwner, job.Amount, 1)); break;
        }
        Assert.Contains(Audit.Of(job, entries), finding => finding.Invariant == invariant);
    }

    [Theory]
    [InlineData(OperationKind.Charge, OperationState.Pending, "")]
    [InlineData(OperationKind.Charge, OperationState.Done, "TopUp")]
    [InlineData(OperationKind.Charge, OperationState.Declined, "")]
    [InlineData(OperationKind.Transfer, OperationState.Pending, "PayOut")]
    [InlineData(OperationKind.Transfer, OperationState.Done, "PayOut PayOutSent")]
    [InlineData(OperationKind.Transfer, OperationState.Declined, "PayOut TransferFailed")]
    [InlineData(OperationKind.Refund, OperationState.Pending, "Withdraw")]
    [InlineData(OperationKind.Refund, OperationState.Done, "Withdraw WithdrawSent")]
    [InlineData(OperationKind.Refund, OperationState.Declined, "Withdraw RefundFailed")]
    [InlineData(OperationKind.ActivationFee, OperationState.Pending, "")]
    [InlineData(OperationKind.ActivationFee, OperationState.Done, "ActivationFee")]
    [InlineData(OperationKind.Reversal, OperationState.Done, "TransferReversed")]
    [InlineData(OperationKind.Recovery, OperationState.Done, "Recover")]
    [InlineData(OperationKind.WriteOff, OperationState.Done, "WriteOff")]
    [InlineData(OperationKind.CapitalAdded, OperationState.Done, "Capital")]
    public void An_operation_has_exactly_the_movements_of_its_state(OperationKind kind, OperationState state,
        string movements)
    {
        var operation = new Operation
        {
            Id = Scene.Numbered(1),
            Kind = kind,
            OwnerId = Scene.Numbered(2),
            Amount = new Money(10),
            Body = "",
            State = state,
            CreatedUs = 0,
        };
        var (id, owner, ten) = (operation.Id, operation.OwnerId, new Money(10));
        Entry[] all =
        [
            .. Movements.TopUp(id, owner, ten, 1), .. Movements.PayOut(id, owner, ten, 2),
            .. Movements.PayOutSent(id, owner, ten, 3), .. Movements.TransferFailed(id, owner, ten, 3),
            .. Movements.Withdraw(id, owner, ten, 2), .. Movements.WithdrawSent(id, owner, ten, 3),
            .. Movements.RefundFailed(id, owner, ten, 3), .. Movements.TransferReversed(id, owner, ten, 3),
            .. Movements.Recover(id, owner, ten, Money.Zero, 3), .. Movements.WriteOff(id, owner, ten, 3),
            .. Movements.ActivationFee(id, ten, 3), .. Movements.Capital(id, ten, true, 3),
        ];
        string[] right = movements.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Entry[] entries = [.. all.Where(entry => right.Contains(entry.Movement.ToString()))];
        Assert.Empty(Audit.Of(operation, entries));
        foreach (var entry in all)
            Assert.NotEmpty(Audit.Of(operation, entries.Contains(entry) ? [.. entries.Except([entry])]
                : [.. entries, entry]));
    }

    [Theory]
    [InlineData(OperationKind.FeeTaken, false)]
    [InlineData(OperationKind.FeeReturned, true)]
    public void A_fee_of_the_account_is_processing_and_what_is_given_back_the_reverse(
        OperationKind kind, bool isReturned)
    {
        var (id, ten) = (Scene.Numbered(1), new Money(10));
        var fee = new Operation
        {
            Id = id,
            Kind = kind,
            OwnerId = Guid.Empty,
            Amount = ten,
            Body = "",
            State = OperationState.Done,
            CreatedUs = 0,
        };
        Assert.Empty(Audit.Of(fee, Movements.Processing(id, ten, 3, isReturned)));
        Assert.NotEmpty(Audit.Of(fee, Movements.Processing(id, ten, 3, !isReturned)));
        Assert.NotEmpty(Audit.Of(fee, Movements.Processing(id, new Money(9), 3, isReturned)));
        Assert.NotEmpty(Audit.Of(fee, []));
    }

    [Theory]
    [InlineData(OperationState.Pending, 0)]
    [InlineData(OperationState.Done, 10)]
    [InlineData(OperationState.Declined, 4)]
    public void A_chargeback_divides_between_balance_and_debt_and_always_sums(OperationState state, int owed)
    {
        var (id, owner) = (Scene.Numbered(1), Scene.Numbered(2));
        var dispute = new Operation
        {
            Id = id,
            Kind = OperationKind.Dispute,
            OwnerId = owner,
            Amount = new Money(10),
            Body = "",
            State = state,
            CreatedUs = 0,
            Fee = new Money(3),
        };
        Entry[] entries =
        [
            .. Movements.Chargeback(id, owner, new Money(10 - owed), new Money(owed), 1),
            .. Movements.Processing(id, new Money(3), 2),
            .. state is OperationState.Declined
                ? Movements.ChargebackWon(id, owner, new Money(owed), new Money(10 - owed), 3) : [],
        ];
        Assert.Empty(Audit.Of(dispute, entries));
        for (int i = 0; i < entries.Length; i++)
            Assert.NotEmpty(Audit.Of(dispute, [.. entries[..i], entries[i] with
            {
                Amount = entries[i].Amount + new Money(1),
            }, .. entries[(i + 1)..]]));
    }
}
