using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

public sealed class DeliveredWorkTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(39, false)]
    [InlineData(40, true)]
    public void Only_works_long_enough_to_be_nobody_elses_have_a_print(int words, bool hasPrint)
    {
        var work = Deliverable.FromText(string.Join(' ', Enumerable.Range(0, words).Select(i => $"word{i}")));
        Assert.Equal(hasPrint, DeliveredWork.PrintOf(work) is not null);
    }

    [Fact]
    public void A_file_is_known_by_its_bytes_whatever_it_is_called()
    {
        byte[] large = new byte[DeliveredWork.FileBytesLeast], small = large[1..];
        Assert.Null(DeliveredWork.PrintOf(Wrapped("a.bin", small)));
        byte[] print = DeliveredWork.PrintOf(Wrapped("a.bin", large))!;
        Assert.Equal(print, DeliveredWork.PrintOf(Wrapped("b.bin", large)));
        large[7] = 1;
        Assert.NotEqual(print, DeliveredWork.PrintOf(Wrapped("a.bin", large)));
    }

    [Fact]
    public void An_object_that_lies_about_its_file_is_an_object()
    {
        var file = new DeliveredFile("a", "b/c", 3, new string('0', 64));
        Assert.Null(WrappedFile.Unwrap(Deliverable.FromJson(WrappedFile.Wrap(file, [1, 2, 3]))));
        Assert.Equal([1, 2, 3], WrappedFile.Unwrap(Wrapped("a", [1, 2, 3]))!.Value.Content);
        Assert.Null(WrappedFile.Unwrap(Deliverable.FromText("""{"file": {}}""")));
    }

    private static Deliverable Wrapped(string name, byte[] bytes) => Deliverable.FromJson(WrappedFile.Wrap(
        new DeliveredFile(name, "application/x", bytes.Length,
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))), bytes));
}
