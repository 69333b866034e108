using VoxPact.Domain;
using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Engine;

/// <summary>
/// Keeps the stored balances equal to the sums of their entries, and writes the lines of their owners' statements:
/// nothing else ever changes one.
/// </summary>
internal sealed class Balances(Snapshot rows)
{
    public void Apply(Entry entry)
    {
        Change(entry.Debit, entry.Debit.IsAsset ? entry.Amount : Money.Zero - entry.Amount);
        Change(entry.Credit, entry.Credit.IsAsset ? Money.Zero - entry.Amount : entry.Amount);
        var (left, right) = (OwnerOf(entry.Debit), OwnerOf(entry.Credit));
        if (left is { } one) Write(one, entry);
        if (right is { } other && other != left) Write(other, entry);
    }

    /// <summary>Whose statement shows the account; null for the platform's own.</summary>
    private Guid? OwnerOf(Account account) => account.Kind switch
    {
        AccountKind.StripeBalance or AccountKind.PlatformFees or AccountKind.PlatformCapital
            or AccountKind.PlatformProcessing or AccountKind.PlatformLosses => null,
        AccountKind.JobEscrow => rows.Jobs.Find(account.Holder)!.BuyerOwner,
        AccountKind.OwnerAvailable or AccountKind.OwnerEarnings or AccountKind.OwnerInTransit
            or AccountKind.OwnerHeld or AccountKind.OwnerReceivable => account.Holder,
    };

    private void Write(Guid ownerId, Entry entry)
    {
        var owner = rows.Owners.Find(ownerId)!;
        owner = owner with { Lines = owner.Lines + 1 };
        rows.Owners.Apply(owner, RowChange.Update);
        rows.Lines.Apply(new AccountLine
        {
            OwnerId = owner.Id,
            Number = owner.Lines,
            Subject = entry.Subject,
            Slot = entry.Slot,
            Leg = entry.Leg,
            Movement = entry.Movement,
            Available = owner.Available,
            Escrow = owner.Escrow,
            Earnings = owner.Earnings,
            InTransit = owner.InTransit,
            Held = owner.Held,
            Receivable = owner.Receivable,
        }, RowChange.Insert);
    }

    private void Change(Account account, Money by)
    {
        switch (account.Kind)
        {
            case AccountKind.StripeBalance or AccountKind.PlatformFees or AccountKind.PlatformCapital
                or AccountKind.PlatformProcessing or AccountKind.PlatformLosses:
                break;
            case AccountKind.JobEscrow:
                var job = rows.Jobs.Find(account.Holder) ?? throw Missing(account);
                rows.Jobs.Apply(job with { Escrow = NotNegative(job.Escrow + by, account) }, RowChange.Update);
                var buyer = rows.Owners.Find(job.BuyerOwner) ?? throw Missing(account);
                rows.Owners.Apply(buyer with { Escrow = NotNegative(buyer.Escrow + by, account) }, RowChange.Update);
                break;
            case AccountKind.OwnerAvailable or AccountKind.OwnerEarnings or AccountKind.OwnerInTransit
                or AccountKind.OwnerHeld or AccountKind.OwnerReceivable:
                var owner = rows.Owners.Find(account.Holder) ?? throw Missing(account);
                rows.Owners.Apply(account.Kind switch
                {
                    AccountKind.OwnerAvailable => owner with { Available = NotNegative(owner.Available + by, account) },
                    AccountKind.OwnerEarnings => owner with { Earnings = NotNegative(owner.Earnings + by, account) },
                    AccountKind.OwnerHeld => owner with { Held = NotNegative(owner.Held + by, account) },
                    AccountKind.OwnerReceivable =>
                        owner with { Receivable = NotNegative(owner.Receivable + by, account) },
                    _ => owner with { InTransit = NotNegative(owner.InTransit + by, account) },
                }, RowChange.Update);
                break;
        }
    }

    private static Money NotNegative(Money balance, Account account) => balance >= Money.Zero
        ? balance
        : throw new InvalidOperationException($"{account} would fall to {balance}; the decision overlooked a limit.");

    private static InvalidOperationException Missing(Account account) =>
        new($"{account} was not loaded for the command that moves it.");
}
