using System.Text.RegularExpressions;
using VoxPact.Client;
using Xunit;

namespace VoxPact.Server.Tests.Newcomer;

/// <summary>The verifying functions of docs/webhooks.md, run where their language is on the machine.</summary>
public sealed class WebhookSnippetTests
{
    private const string Secret = "whsec_TiIVlukBCQH7qKMpy8tzTe9TESd/Q5gaHhf4/+LYyFU=";
    private const string Body = "{\"id\":\"evt_1\",\"text\":\"Zwölf €\"}";
    private static readonly DateTimeOffset s_sent = DateTimeOffset.FromUnixTimeSeconds(1_795_472_863);

    [Theory]
    [InlineData("js", "node", "--input-type=module", "-e")]
    [InlineData("python", "python3", "-c")]
    public async Task The_documented_function_takes_what_is_right_and_nothing_else(
        string language, string program, params string[] arguments)
    {
        if (!Exists(program))
        {
            TestContext.Current.SendDiagnosticMessage($"The {language} snippet was not run: there is no {program}.");
            return;
        }
        string code = Regex.Match(Repository.Read("docs/webhooks.md"), $"^```{language} verify\n(.*?)^```$",
            RegexOptions.Singleline | RegexOptions.Multiline).Groups[1].Value;
        Assert.Contains("verify(", code);
        string good = WebhookSignature.Sign(Secret, "evt_1", s_sent, System.Text.Encoding.UTF8.GetBytes(Body));
        string two = WebhookSignature.Sign(["whsec_" + Convert.ToBase64String(new byte[32]), Secret], "evt_1", s_sent,
            System.Text.Encoding.UTF8.GetBytes(Body));
        long now = s_sent.ToUnixTimeSeconds();
        foreach (var (signatures, id, body, at, isRight) in new[]
        {
            (good, "evt_1", Body, now, true), (two, "evt_1", Body, now + 299, true),
            (good, "evt_2", Body, now, false), (good, "evt_1", Body + " ", now, false),
            (good, "evt_1", Body, now + 301, false), (good, "evt_1", Body, now - 301, false),
            ("v1,", "evt_1", Body, now, false), ("", "evt_1", Body, now, false),
            (good.Replace("v1,", "v2,"), "evt_1", Body, now, false),
        })
        {
            string call = language == "js"
                ? $"\nconst e = process.env;\nconsole.log(verify(e.SECRET, e.ID, e.SENT, e.SIGNATURES, e.BODY, {at}));"
                : "\nimport os\ne = os.environ\n"
                    + $"print(verify(e['SECRET'], e['ID'], e['SENT'], e['SIGNATURES'], e['BODY'].encode(), {at}))";
            var (exit, output) = await Repository.RunAsync(program, [.. arguments, code + call], start =>
            {
                start.Environment["SECRET"] = Secret;
                start.Environment["ID"] = id;
                start.Environment["SENT"] = $"{now}";
                start.Environment["SIGNATURES"] = signatures;
                start.Environment["BODY"] = body;
            });
            Assert.True(exit == 0, output);
            Assert.Equal(isRight ? "true" : "false", output.Trim().ToLowerInvariant());
        }
    }

    private static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
