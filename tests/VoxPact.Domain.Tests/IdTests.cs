using CsCheck;
using Xunit;

namespace VoxPact.Domain.Tests;

public sealed class IdTests
{
    private static readonly Gen<Guid> s_guids = Gen.Byte.Array[16]
        .Select(bytes => new Guid(bytes, bigEndian: true));

    [Fact]
    public void Every_id_is_read_back_as_it_was_written() => s_guids.Sample(id =>
    {
        string text = Id.Format(Id.Job, id);
        Assert.Matches("^job_[0-7][0-9a-hjkmnp-tv-z]{25}$", text);
        Assert.True(Id.TryParse(Id.Job, text, out var back));
        Assert.Equal(id, back);
        Assert.True(Id.TryParse(Id.Job, "job_" + text[4..].ToUpperInvariant(), out back));
        Assert.Equal(id, back);
    });

    [Fact]
    public void Texts_sort_as_their_ids_do() => Gen.Select(s_guids, s_guids).Sample((a, b) => Assert.Equal(
        Math.Sign(a.CompareTo(b)),
            Math.Sign(string.CompareOrdinal(Id.Format(Id.Job, a), Id.Format(Id.Job, b)))));

    [Fact]
    public void A_later_microsecond_makes_a_later_id() =>
        Gen.Select(Gen.Long[0, 4_000_000_000_000_000], Gen.Long[1, 10_000_000]).Sample((at, later) =>
            Assert.True(Id.New(at).CompareTo(Id.New(at + later)) < 0));

    [Fact]
    public void New_ids_are_version_7_of_RFC_9562_and_differ()
    {
        var ids = Enumerable.Range(0, 1_000).Select(_ => Id.New(1_700_000_000_000_000)).ToList();
        Assert.Distinct(ids);
        Assert.All(ids, id => Assert.Equal((7, 0x8), (id.Version, id.Variant & 0xC)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("job_")]
    [InlineData("job_01jq3v6y0ve1qs5d3h5x8m2n4")]
    [InlineData("job_01jq3v6y0ve1qs5d3h5x8m2n4pp")]
    [InlineData("job_81jq3v6y0ve1qs5d3h5x8m2n4p")]
    [InlineData("job_01jq3v6y0ve1qs5d3h5x8m2n4i")]
    [InlineData("job_01jq3v6y0ve1qs5d3h5x8m2n4u")]
    [InlineData("job-01jq3v6y0ve1qs5d3h5x8m2n4p")]
    [InlineData("bid_01jq3v6y0ve1qs5d3h5x8m2n4p")]
    [InlineData("JOB_01jq3v6y0ve1qs5d3h5x8m2n4p")]
    [InlineData("job_01jq3v6y0ve1qs5d3h5x8m2n4\u212A")]
    public void What_was_never_written_is_not_read(string? text) =>
        Assert.False(Id.TryParse(Id.Job, text, out _));
}
