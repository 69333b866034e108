using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

public sealed class FingerprintTests
{
    private const string Text =
        "The lighthouse at the northern cape was built in 1868 from granite that ships brought over from the mainland. "
        + "Its keeper lit the lamp by hand every evening until a small generator came in 1931, and the family who lived "
        + "below the tower kept goats, two boats and a garden behind a wall against the wind. Today the light runs by "
        + "itself, and the house is a museum that opens from May to September.";

    [Theory]
    [InlineData("one word", "granite", "basalt", true)]
    [InlineData("a number", "1868", "1870", true)]
    [InlineData("letters' case and signs", "Its keeper", "Its KEEPER,", true)]
    [InlineData("a sentence less", "Today the light runs by itself, and the house is a museum that opens from May to "
        + "September.", "", true)]
    [InlineData("the greater part", "The lighthouse at the northern cape was built in 1868 from granite that ships "
        + "brought over from the mainland. Its keeper lit the lamp by hand every evening until a small generator came "
        + "in 1931, and", "Many years later it is said that", false)]
    public void A_light_edit_is_the_same_work_and_a_rewriting_is_not(string what, string old, string other, bool same)
    {
        string edited = Text.Replace(old, other);
        Assert.True(same == Fingerprint.IsSame(Text, edited), what);
        if (same) Assert.True(Fingerprint.IsNear(Print(Text), Fingerprint.Of(edited)!.Value), what);
    }

    [Fact]
    public void Other_works_are_far_away()
    {
        const string other = "Mix the flour with salt and yeast, add warm water little by little and knead the dough for "
            + "ten minutes until it no longer sticks to the bowl. Let it rise under a cloth for an hour, shape two "
            + "loaves, let them rest again and bake them in a hot oven until the crust is brown and the bottom sounds "
            + "hollow when you knock on it.";
        Assert.False(Fingerprint.IsNear(Print(Text), Print(other)));
        Assert.False(Fingerprint.IsSame(Text, other));
    }

    [Fact]
    public void Short_works_have_no_print_because_they_are_alike_by_nature() =>
        Assert.Null(Fingerprint.Of("The total is 42."));

    private static long Print(string text) => Fingerprint.Of(text)!.Value;
}
