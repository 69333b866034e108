using CsCheck;
using VoxPact.Domain.Ledger;
using Xunit;

namespace VoxPact.Domain.Tests.Ledger;

public sealed class MovementTests
{
    private static readonly Guid s_job = Scene.Numbered(1), s_owner = Scene.Numbered(2),
        s_operation = Scene.Numbered(3);
    private static readonly Money s_ten = new(10);

    public static TheoryData<string, string, string, string, long> Legs => new()
    {
        { nameof(Movements.TopUp), "topup:op", "stripe:balance", "owner:available", 10 },
        { nameof(Movements.Hold), "hold:job", "owner:available", "job:escrow", 10 },
        { nameof(Movements.Reduce), "reduce:job", "job:escrow", "owner:available", 10 },
        { nameof(Movements.Release), "release:job:net", "job:escrow", "owner:earnings", 9 },
        { nameof(Movements.Release), "release:job:fee", "job:escrow", "platform:fees", 1 },
        { nameof(Movements.Raise), "raise:job", "owner:available", "job:escrow", 10 },
        { nameof(Movements.Refund), "refund:job", "job:escrow", "owner:available", 10 },
        { nameof(Movements.PayOut), "payout:op", "owner:earnings", "owner:in_transit", 10 },
        { nameof(Movements.PayOutSent), "payout_sent:op", "owner:in_transit", "stripe:balance", 10 },
        { nameof(Movements.TransferFailed), "transfer_failed:op", "owner:in_transit", "owner:earnings", 10 },
        { nameof(Movements.Split), "split:job:net", "job:escrow", "owner:earnings", 9 },
        { nameof(Movements.Split), "split:job:fee", "job:escrow", "platform:fees", 1 },
        { nameof(Movements.Split), "split:job:refund", "job:escrow", "owner:available", 10 },
        { nameof(Movements.Bonus), "bonus:op:net", "owner:available", "owner:earnings", 9 },
        { nameof(Movements.Bonus), "bonus:op:fee", "owner:available", "platform:fees", 1 },
        { nameof(Movements.Mature), "mature:job", "owner:held", "owner:earnings", 10 },
        { nameof(Movements.Withdraw), "withdraw:op", "owner:available", "owner:in_transit", 10 },
        { nameof(Movements.WithdrawSent), "withdraw_sent:op", "owner:in_transit", "stripe:balance", 10 },
        { nameof(Movements.RefundFailed), "refund_failed:op", "owner:in_transit", "owner:available", 10 },
        { nameof(Movements.TransferReversed), "transfer_reversed:op", "stripe:balance", "owner:earnings", 10 },
        { nameof(Movements.Chargeback), "chargeback:op:balance", "owner:available", "stripe:balance", 10 },
        { nameof(Movements.Chargeback), "chargeback:op:debt", "owner:receivable", "stripe:balance", 10 },
        { nameof(Movements.ChargebackWon), "chargeback_won:op:balance", "stripe:balance", "owner:available", 10 },
        { nameof(Movements.ChargebackWon), "chargeback_won:op:debt", "stripe:balance", "owner:receivable", 10 },
        { nameof(Movements.Recover), "recover:op:balance", "owner:available", "owner:receivable", 10 },
        { nameof(Movements.Recover), "recover:op:earnings", "owner:earnings", "owner:receivable", 10 },
        { nameof(Movements.WriteOff), "write_off:op", "platform:losses", "owner:receivable", 10 },
        { nameof(Movements.ActivationFee), "activation_fee:op", "stripe:balance", "platform:fees", 10 },
        { nameof(Movements.Processing), "processing:op", "platform:processing", "stripe:balance", 10 },
        { nameof(Movements.Capital), "capital:op", "stripe:balance", "platform:capital", 10 },
    };

    [Theory]
    [MemberData(nameof(Legs))]
    public void Each_movement_has_exactly_its_legs(string movement, string id, string debit, string credit,
        long amount)
    {
        var entries = All(s_ten)[movement];
        var leg = Assert.Single(entries, entry => WithoutIds(entry.EntryId) == id);
        Assert.Equal((debit, credit, amount),
            (WithoutIds(leg.Debit.ToString()), WithoutIds(leg.Credit.ToString()), leg.Amount.Minor));
        Assert.Equal(Legs.Count(row => row.Data.Item1 == movement), entries.Length);
        Assert.Equal(Enumerable.Range(0, entries.Length), entries.Select(entry => entry.Leg));
    }

    [Fact]
    public void Every_movement_has_a_row_in_the_table() => Assert.Equal(
        Enum.GetNames<MovementKind>().Order(), Legs.Select(row => row.Data.Item1).Distinct().Order());

    [Fact]
    public void The_same_movement_has_the_same_ids_and_different_ones_have_different_ids()
    {
        string[] ids = [.. All(s_ten).Values.SelectMany(entries => entries).Select(entry => entry.EntryId)];
        Assert.Distinct(ids);
        Assert.Equal(ids, All(s_ten).Values.SelectMany(entries => entries).Select(entry => entry.EntryId));
        Assert.Equal($"release:{Id.Format(Id.Job, s_job)}:fee", All(s_ten)["Release"][1].EntryId);
    }

    [Fact]
    public void Rivals_share_a_place_so_that_the_second_loses()
    {
        (Guid, Slot, int) Place(string movement) =>
            (All(s_ten)[movement][0].Subject, All(s_ten)[movement][0].Slot, All(s_ten)[movement][0].Leg);
        Assert.Equal(Place("Release"), Place("Refund"));
        Assert.Equal(Place("Release"), Place("Split"));
        Assert.Equal(Place("WithdrawSent"), Place("RefundFailed"));
        Assert.NotEqual(Place("RefundFailed"),
            (s_operation, Movements.RefundReturned(s_operation, s_owner, s_ten, 1)[0].Slot, 0));
        Assert.Equal(Place("PayOutSent"), Place("TransferFailed"));
        Assert.NotEqual(Place("Hold"), Place("Release"));
        Assert.NotEqual(Place("Reduce"), Place("Release"));
        Assert.NotEqual(Place("PayOut"), Place("PayOutSent"));
    }

    [Fact]
    public void A_leg_of_zero_is_left_out_and_money_never_moves_backwards()
    {
        Assert.All(All(Money.Zero).Values, Assert.Empty);
        Assert.Equal("release:job:net", WithoutIds(Assert.Single(All(new Money(9))["Release"]).EntryId));
        Assert.Throws<InvalidOperationException>(() => Movements.Hold(s_job, s_owner, new Money(-1), 0));
        Assert.Throws<InvalidOperationException>(
            () => Movements.Release(s_job, s_owner, new Money(-100), new BasisPoints(1_000), 0));
    }

    [Fact]
    public void A_release_pays_out_all_of_the_escrow() =>
        Gen.Select(Gen.Long[1, long.MaxValue], Gen.Int[0, 5_000]).Sample((minor, bps) => Assert.Equal(minor,
            Movements.Release(s_job, s_owner, new Money(minor), new BasisPoints(bps), 0)
                .Sum(entry => entry.Amount.Minor)));

    [Fact]
    public void The_page_about_the_ledger_says_what_the_code_moves() =>
        Repository.Holds("docs/ledger.md", LedgerDocument.Render());

    private static Dictionary<string, Entry[]> All(Money amount) => new()
    {
        ["TopUp"] = Movements.TopUp(s_operation, s_owner, amount, 1),
        ["Hold"] = Movements.Hold(s_job, s_owner, amount, 1),
        ["Reduce"] = Movements.Reduce(s_job, s_owner, amount, 1),
        ["Raise"] = Movements.Raise(s_job, s_owner, amount, 1),
        ["Release"] = Movements.Release(s_job, s_owner, amount, new BasisPoints(1_000), 1),
        ["Refund"] = Movements.Refund(s_job, s_owner, amount, 1),
        ["PayOut"] = Movements.PayOut(s_operation, s_owner, amount, 1),
        ["PayOutSent"] = Movements.PayOutSent(s_operation, s_owner, amount, 1),
        ["TransferFailed"] = Movements.TransferFailed(s_operation, s_owner, amount, 1),
        ["Split"] = Movements.Split(s_job, s_owner, s_owner, amount, amount, new BasisPoints(1_000), 1),
        ["Bonus"] = Movements.Bonus(s_operation, s_owner, s_owner, amount, new BasisPoints(1_000), 1),
        ["Mature"] = Movements.Mature(s_job, Slot.Mature, s_owner, amount, 1),
        ["Withdraw"] = Movements.Withdraw(s_operation, s_owner, amount, 1),
        ["WithdrawSent"] = Movements.WithdrawSent(s_operation, s_owner, amount, 1),
        ["RefundFailed"] = Movements.RefundFailed(s_operation, s_owner, amount, 1),
        ["TransferReversed"] = Movements.TransferReversed(s_operation, s_owner, amount, 1),
        ["Chargeback"] = Movements.Chargeback(s_operation, s_owner, amount, amount, 1),
        ["ChargebackWon"] = Movements.ChargebackWon(s_operation, s_owner, amount, amount, 1),
        ["Recover"] = Movements.Recover(s_operation, s_owner, amount, amount, 1),
        ["WriteOff"] = Movements.WriteOff(s_operation, s_owner, amount, 1),
        ["ActivationFee"] = Movements.ActivationFee(s_operation, amount, 1),
        ["Processing"] = Movements.Processing(s_operation, amount, 1),
        ["Capital"] = Movements.Capital(s_operation, amount, true, 1),
    };

    private static string WithoutIds(string text) => text
        .Replace(Id.Format(Id.Job, s_job), "job", StringComparison.Ordinal)
        .Replace(Id.Format(Id.Operation, s_operation), "op", StringComparison.Ordinal)
        .Replace($"owner:{Id.Format(Id.Owner, s_owner)}", "owner", StringComparison.Ordinal)
        .Replace("job:job", "job", StringComparison.Ordinal);
}
