using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Ledger;

public sealed class DoctorTests
{
    [Theory, ClassData<Databases>]
    public async Task A_running_sandbox_lacks_nothing_and_is_told_what_real_money_needs(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (code, text) = await AskAsync(server.Options);
        Assert.True(code == 0, text);
        Assert.Contains("database answers", text);
        Assert.Contains("later    StripeSecretKey: Live mode needs Stripe's secret key, sk_live_…", text);
        Assert.EndsWith("Nothing is missing: the server can start in sandbox mode.\n", text);

        (code, text) = await AskAsync(server.Options with { Mode = Mode.Test });
        Assert.Equal(1, code);
        Assert.Contains("MISSING  StripeSecretKey", text);
        Assert.Contains("MISSING  StripeWebhookSecret", text);
        Assert.Contains("MISSING  PublicUrl", text);
        Assert.Contains("MISSING  Database: it belongs to sandbox mode for good", text);
        Assert.Contains("4 missing", text);
    }

    [Fact]
    public async Task A_fresh_folder_will_be_filled_at_the_first_start_and_nothing_is_made_before()
    {
        string folder = Directory.CreateTempSubdirectory("voxpact-test-").FullName;
        var (code, text) = await AskAsync(new ServerOptions { Data = folder });
        Assert.True(code == 0, text);
        Assert.Contains("the pepper will be made", text);
        Assert.Contains("the SQLite file will be made", text);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public async Task What_is_wrong_is_said_all_at_once_and_a_silent_Stripe_is_not_held_against_the_settings()
    {
        string folder = Directory.CreateTempSubdirectory("voxpact-test-").FullName;
        var options = new ServerOptions
        {
            Data = folder,
            Mode = Mode.Live,
            StripeSecretKey = "sk_live_x",
            StripeWebhookSecret = "whsec_x",
            PublicUrl = "https://voxpact.example",
            StripeApiBase = "http://127.0.0.1:1",
        };
        var (code, text) = await AskAsync(options);
        Assert.True(code == 0, text);
        Assert.Contains("unknown  Stripe could not be asked", text);

        (code, text) = await AskAsync(options with
        {
            FeeBps = 9_999,
            Pepper = "not base64",
            Database = "Host=127.0.0.1;Port=1;Database=none;Timeout=2",
        });
        Assert.Equal(1, code);
        Assert.Contains("MISSING  The field FeeBps", text);
        Assert.Contains("MISSING  Pepper: it cannot be read", text);
        Assert.Contains("MISSING  Database: it cannot be reached", text);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_mail_server_is_asked_whether_it_takes_letters_and_is_sent_none()
    {
        await using var open = new SmtpListener(0);
        await using var locked = new SmtpListener(0, "open sesame");
        await using var server = await TestServer.StartAsync(Databases.Sqlite);
        var options = server.Options with
        {
            SmtpHost = "127.0.0.1",
            SmtpPort = open.Port,
            MailFrom = "VoxPact <voxpact@example.com>",
        };
        var user = options with { SmtpPort = locked.Port, SmtpUser = "voxpact", SmtpPassword = "open sesame" };
        foreach (var (asked, problem) in new[]
        {
            (options, null), (user, null),
            (user with { SmtpPassword = "wrong" }, "535: wrong user or password"),
            (user with { SmtpPort = open.Port }, "does not support authentication"),
            (options with { SmtpPort = Ports.Next() }, "refused"),
        })
        {
            var (code, text) = await AskAsync(asked);
            string place = $"127.0.0.1:{asked.SmtpPort}";
            Assert.Equal((problem is null ? 0 : 1, text), (code, text));
            if (problem is null) Assert.Contains($"ok       letters go through {place}", text);
            else Assert.Matches($"MISSING  SmtpHost: no letter can go through {place}: .*{problem}", text);
        }
        Assert.False(open.Taken.IsCompleted || locked.Taken.IsCompleted);
        var (_, without) = await AskAsync(new ServerOptions { Data = options.Data, Mode = Mode.Test });
        Assert.Contains("note     no SmtpHost is configured: owners cannot confirm", without);
    }

    private static async Task<(int Code, string Text)> AskAsync(ServerOptions options)
    {
        var text = new StringWriter();
        int code = await new Doctor(options, text).RunAsync(TestContext.Current.CancellationToken);
        return (code, text.ToString().ReplaceLineEndings("\n"));
    }
}
