namespace VoxPact.Domain;

/// <summary>An amount in the deployment's one currency, in integer minor units (cents for EUR).</summary>
public readonly record struct Money(long Minor) : IComparable<Money>
{
    public static readonly Money Zero = new(0);

    public static Money operator +(Money a, Money b) => new(checked(a.Minor + b.Minor));
    public static Money operator -(Money a, Money b) => new(checked(a.Minor - b.Minor));
    public static bool operator <(Money a, Money b) => a.Minor < b.Minor;
    public static bool operator >(Money a, Money b) => a.Minor > b.Minor;
    public static bool operator <=(Money a, Money b) => a.Minor <= b.Minor;
    public static bool operator >=(Money a, Money b) => a.Minor >= b.Minor;

    public static Money Max(Money a, Money b) => a > b ? a : b;
    public static Money Min(Money a, Money b) => a < b ? a : b;

    /// <summary>
    /// The only arithmetic that rounds: a part in basis points, rounded down, and the rest. They always sum to
    /// the whole.
    /// </summary>
    public (Money Part, Money Remainder) Split(BasisPoints share)
    {
        var part = new Money((long)((Int128)Minor * share.Value / 10_000));
        return (part, this - part);
    }

    /// <summary>
    /// Exact conversion from a decimal; false when it is written with more decimals than the currency has (0.100 as
    /// much as 0.101), or does not fit.
    /// </summary>
    public static bool TryFromDecimal(decimal value, int currencyDecimals, out Money money)
    {
        money = default;
        if (value.Scale > currencyDecimals) return false;
        decimal scale = 1;
        for (int i = 0; i < currencyDecimals; i++) scale *= 10;
        if (Math.Abs(value) > long.MaxValue / scale) return false;
        money = new Money((long)(value * scale));
        return true;
    }

    /// <summary>
    /// The amount in major units with exactly the currency's decimals, so that 10 cents read <c>0.10</c>.
    /// </summary>
    public decimal ToDecimal(int currencyDecimals)
    {
        ulong magnitude = (ulong)Math.Abs((decimal)Minor);
        return new decimal((int)magnitude, (int)(magnitude >> 32), 0, Minor < 0, (byte)currencyDecimals);
    }

    public int CompareTo(Money other) => Minor.CompareTo(other.Minor);

    public override string ToString() => Minor.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A share or a confidence as an integer: 10,000 is all of it.</summary>
public readonly record struct BasisPoints(int Value)
{
    public static readonly BasisPoints Zero = new(0);
    public static bool operator <(BasisPoints a, BasisPoints b) => a.Value < b.Value;
    public static bool operator >(BasisPoints a, BasisPoints b) => a.Value > b.Value;
    public static bool operator <=(BasisPoints a, BasisPoints b) => a.Value <= b.Value;
    public static bool operator >=(BasisPoints a, BasisPoints b) => a.Value >= b.Value;
}
