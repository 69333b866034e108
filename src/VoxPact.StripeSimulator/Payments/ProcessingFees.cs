namespace VoxPact.StripeSimulator;

/// <summary>What Stripe keeps: a share of each charge and a fixed part of it, and a fixed amount per dispute.</summary>
/// <param name="BasisPoints">Hundredths of a percent of the charge, half a minor unit rounded up.</param>
/// <param name="FixedMinor">Added to each charge's fee, in minor units.</param>
/// <param name="DisputeMinor">Taken when a dispute is opened, in minor units; it does not come back.</param>
public sealed record ProcessingFees(int BasisPoints, long FixedMinor, long DisputeMinor)
{
    public static readonly ProcessingFees None = new(0, 0, 0);

    /// <summary>1.5 % + 0.25 and 20.00 per dispute: what Stripe asks for cards of the European Economic Area.</summary>
    public static readonly ProcessingFees European = new(150, 25, 2_000);

    internal long OfCharge(long amount) => (amount * BasisPoints + 5_000) / 10_000 + FixedMinor;
}
