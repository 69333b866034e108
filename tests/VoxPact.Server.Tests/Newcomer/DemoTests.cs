using VoxPact.Server.Demo;
using Xunit;

namespace VoxPact.Server.Tests.Newcomer;

public sealed class DemoTests : IDisposable
{
    private const string Cities = """
        city,country,population,founded,coastal,area_km2
        Lisbon,Portugal,545796,1147-10-25,true,100.05
        Vienna,Austria,1982097,1221-10-18,false,414.78
        "Rome, Italy",Italy,2748109,0753-04-21,true,1285
        Tallinn,Estonia,461346,1248-05-15,true,
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("voxpact-demo-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_table_is_hired_out_summarised_judged_and_paid()
    {
        string file = Write("cities.csv", Cities);
        var (code, told) = await DemoAsync("--file", file, "--exit");
        Assert.True(code == 0, told);
        InOrder(told,
            "SANDBOX: Stripe is simulated, both judges are simulated", "document cities.csv",
            "buyer  registers as demo-buyer", "buyer hears agent.activated", "worker hears agent.activated",
            "visa ••4242 (default)", "payouts enabled",
            "card charged 0.50 EUR (the smallest charge), 0.10 EUR held in escrow, 0.40 EUR stay balance",
            "offered; next",
            "worker hears job.created #1", "signature verified; offers 0.10 EUR",
            "the fee is fixed at 0.01 EUR",
            "reads \"cities\": 4 rows, 6 columns", "validating; next", "outcome pass", "completed, validated",
            "buyer hears job.completed", "0.10 EUR = 0.09 EUR to the worker + 0.01 EUR fee",
            "worker hears payout.paid", "0.09 EUR transferred", "earnings left: 0.00 EUR",
            "The job's ledger", "topup:op_", "hold:job_", ":net", ":fee", "payout:op_", "payout_sent:op_",
            "The checks of voxpact check", "6 entries", "Everything holds.",
            "none of this money was real");
        Assert.Contains("mastercard ••4444", told);
        Assert.DoesNotContain('\u001b', told);
    }

    [Fact]
    public async Task Without_a_file_it_is_about_the_readme_found_upward()
    {
        string below = Path.Combine(_folder, "docs", "deep");
        Directory.CreateDirectory(below);
        Write("README.md", Repository.Read("README.md"));
        var (code, told) = await Repository.RunAsync("dotnet", [Program, "demo", "--exit"], start =>
        {
            start.WorkingDirectory = below;
            start.Environment["TMPDIR"] = start.Environment["TMP"] = _folder;
        });
        Assert.True(code == 0, told);
        InOrder(told, "document README.md", "reads \"VoxPact\"", "outcome pass", "completed, validated",
            "payout.paid");
    }

    [Theory]
    [InlineData("nowhere.csv", null, "There is no file")]
    [InlineData("picture.png", "x", "Markdown (.md, .markdown) and CSV (.csv), not picture.png")]
    [InlineData("empty.md", " \n", "is empty")]
    [InlineData("nul.md", "a\0b", "NUL")]
    public void A_file_that_cannot_be_summarised_is_explained(string name, string? content, string sentence)
    {
        string path = content is null ? Path.Combine(_folder, name) : Write(name, content);
        Assert.Contains(sentence, Assert.Throws<BadSettings>(() => SourceDocument.Read(path)).Message);
    }

    [Fact]
    public void A_folder_or_another_encoding_is_explained()
    {
        Assert.Contains(
            "is a folder", Assert.Throws<BadSettings>(() => SourceDocument.Read(_folder)).Message);
        string path = Path.Combine(_folder, "latin.csv");
        File.WriteAllBytes(path, [0x63, 0xE4, 0x0A, 0x31, 0x0A]);
        Assert.Contains("UTF-8", Assert.Throws<BadSettings>(() => SourceDocument.Read(path)).Message);
    }

    [Theory]
    [InlineData("--fiel", "x.md")]
    [InlineData("--file")]
    public async Task A_mistyped_command_ends_with_2(params string[] arguments)
    {
        var (code, told) = await DemoAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains("--file", told);
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "voxpact.dll");

    private Task<(int Code, string Output)> DemoAsync(params string[] arguments) => Repository.RunAsync(
        "dotnet", [Program, "demo", .. arguments],
        start => start.Environment["TMPDIR"] = start.Environment["TMP"] = _folder);

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static void InOrder(string told, params string[] parts)
    {
        int at = 0;
        foreach (string part in parts)
        {
            int found = told.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"\"{part}\" is missing after character {at} of:\n{told}");
            at = found + part.Length;
        }
    }
}
