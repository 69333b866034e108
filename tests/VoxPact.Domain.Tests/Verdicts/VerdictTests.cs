using System.Text;
using VoxPact.Domain.Verdicts;
using Xunit;

namespace VoxPact.Domain.Tests.Verdicts;

public sealed class VerdictTests
{
    private static readonly BasisPoints Threshold = new(8_000);

    [Theory]
    [InlineData(true, 8_000, true, 8_000, VerdictOutcome.Pass)]
    [InlineData(true, 10_000, true, 9_000, VerdictOutcome.Pass)]
    [InlineData(true, 8_000, true, 7_999, VerdictOutcome.Unsure)]
    [InlineData(true, 0, true, 0, VerdictOutcome.Unsure)]
    [InlineData(true, 9_000, false, 9_000, VerdictOutcome.Unsure)]
    [InlineData(true, 9_000, false, 100, VerdictOutcome.Unsure)]
    [InlineData(true, 100, false, 9_000, VerdictOutcome.Unsure)]
    [InlineData(false, 8_000, false, 8_000, VerdictOutcome.Fail)]
    [InlineData(false, 10_000, false, 10_000, VerdictOutcome.Fail)]
    [InlineData(false, 8_000, false, 7_999, VerdictOutcome.Suspect)]
    [InlineData(false, 0, false, 0, VerdictOutcome.Suspect)]
    public void Two_opinions_make_the_verdict_of_the_table_in_either_order(
        bool passA, int confidenceA, bool passB, int confidenceB, VerdictOutcome outcome)
    {
        Opinion a = Judge("a", passA, confidenceA);
        Opinion b = Judge("b", passB, confidenceB);
        Assert.Equal(outcome, Verdict.Of(a, b, Threshold, []).Outcome);
        Assert.Equal(outcome, Verdict.Of(b, a, Threshold, []).Outcome);
        Assert.Equal(VerdictOutcome.Suspect, Verdict.Of(a, b, Threshold, ["It talks to the judge."]).Outcome);
    }

    [Theory]
    [InlineData(OpinionFlaw.Malformed)]
    [InlineData(OpinionFlaw.Refused)]
    [InlineData(OpinionFlaw.Suspicious)]
    public void A_flawed_opinion_makes_every_verdict_suspect(OpinionFlaw flaw)
    {
        Opinion flawed = Opinion.Flawed("a", "m", flaw, "No.");
        foreach (bool pass in new[] { true, false })
        {
            Assert.Equal(VerdictOutcome.Suspect,
                Verdict.Of(flawed, Judge("b", pass, 10_000), Threshold, []).Outcome);
            Assert.Equal(VerdictOutcome.Suspect,
                Verdict.Of(Judge("b", pass, 10_000), flawed, Threshold, []).Outcome);
        }
        Assert.Equal(VerdictOutcome.Suspect, Verdict.Of(flawed, flawed, Threshold, []).Outcome);
    }

    [Fact]
    public void The_reasons_name_who_gave_them_and_suspicions_come_first() => Assert.Equal(
        ["Hidden text.", "a: because", "b: because"],
        Verdict.Of(Judge("a", true, 1), Judge("b", true, 1), Threshold, ["Hidden text."]).Reasons);

    [Theory]
    [InlineData("0.8", 8_000)]
    [InlineData("0.80", 8_000)]
    [InlineData("8e-1", 8_000)]
    [InlineData("0.79999999999999999999999999", 7_999)]
    [InlineData("1", 10_000)]
    [InlineData("1.000", 10_000)]
    [InlineData("0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("0.00009", 0)]
    [InlineData("1e-400", 0)]
    [InlineData("0.0001", 1)]
    [InlineData("0.12345", 1_234)]
    public void Confidence_is_rounded_down_to_basis_points(string raw, int expected)
    {
        Assert.True(Confidence.TryParse(Encoding.UTF8.GetBytes(raw), out BasisPoints confidence));
        Assert.Equal(expected, confidence.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.0000000000000000000001")]
    [InlineData("-0.1")]
    [InlineData("80")]
    [InlineData("1e400")]
    [InlineData("\"0.9\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData(".8")]
    [InlineData("0.8 0.9")]
    [InlineData("0.8%")]
    [InlineData("NaN")]
    public void Anything_but_a_number_from_0_to_1_is_no_confidence(string raw) =>
        Assert.False(Confidence.TryParse(Encoding.UTF8.GetBytes(raw), out _));

    private static Opinion Judge(string name, bool pass, int confidence) =>
        new(name, "model", pass, new BasisPoints(confidence), ["because"]);
}
