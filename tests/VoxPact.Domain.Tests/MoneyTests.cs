using CsCheck;
using Xunit;

namespace VoxPact.Domain.Tests;

public sealed class MoneyTests
{
    [Fact]
    public void Split_never_loses_or_makes_a_unit_and_rounds_down() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[0, 10_000]).Sample((minor, bps) =>
        {
            var (part, rest) = new Money(minor).Split(new BasisPoints(bps));
            Assert.Equal(minor, part.Minor + rest.Minor);
            Assert.True(part >= Money.Zero && rest >= Money.Zero);
            Assert.Equal((Int128)minor * bps / 10_000, part.Minor);
        });

    [Theory]
    [InlineData(10, 1_000, 1)]
    [InlineData(9, 1_000, 0)]
    [InlineData(19, 1_000, 1)]
    [InlineData(1, 9_999, 0)]
    [InlineData(1_000, 0, 0)]
    [InlineData(1_000, 10_000, 1_000)]
    [InlineData(long.MaxValue, 10_000, long.MaxValue)]
    public void Split_of_known_sums(long minor, int bps, long part) =>
        Assert.Equal(part, new Money(minor).Split(new BasisPoints(bps)).Part.Minor);

    [Theory]
    [InlineData("0.10", 2, 10)]
    [InlineData("0.1", 2, 10)]
    [InlineData("12.5", 2, 1_250)]
    [InlineData("7", 0, 7)]
    [InlineData("1.234", 3, 1_234)]
    [InlineData("-0.01", 2, -1)]
    [InlineData("92233720368547758.07", 2, long.MaxValue)]
    public void A_decimal_becomes_exact_minor_units_and_back(string text, int decimals, long minor)
    {
        decimal value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(Money.TryFromDecimal(value, decimals, out var money));
        Assert.Equal(minor, money.Minor);
        Assert.Equal(value, money.ToDecimal(decimals));
    }

    [Theory]
    [InlineData("0.101", 2)]
    [InlineData("0.100", 2)]
    [InlineData("0.5", 0)]
    [InlineData("92233720368547758.08", 2)]
    [InlineData("79228162514264337593543950335", 2)]
    public void A_decimal_that_does_not_fit_is_refused(string text, int decimals) =>
        Assert.False(Money.TryFromDecimal(
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture), decimals, out _));

    [Fact]
    public void Every_sum_survives_the_way_through_decimals() =>
        Gen.Select(Gen.Long, Gen.Int[0, 3]).Where((minor, _) => minor != long.MinValue)
            .Sample((minor, decimals) =>
        {
            decimal shown = new Money(minor).ToDecimal(decimals);
            Assert.Equal(decimals, shown.Scale);
            Assert.True(Money.TryFromDecimal(shown, decimals, out var back));
            Assert.Equal(minor, back.Minor);
        });

    [Fact]
    public void Sums_that_do_not_fit_are_an_error_and_never_wrap()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue) + new Money(1));
        Assert.Throws<OverflowException>(() => new Money(long.MinValue) - new Money(1));
    }

    [Fact]
    public void Sums_are_shown_with_the_currencys_decimals() =>
        Assert.Equal("0.10 EUR", new Policy { Currency = "eur" }.Show(new Money(10)));
}
