using Xunit;

namespace VoxPact.Server.Tests.Newcomer;

public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voxpact-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_flag_beats_a_variable_which_beats_the_file_which_beats_the_default()
    {
        Write("""{ "VoxPact": { "Urls": "http://file", "Data": "file", "FeeBps": 1, "Currency": "usd" } }""");
        var variables = new Dictionary<string, string>
        {
            ["VOXPACT_URLS"] = "http://variable",
            ["VOXPACT_DATA"] = "variable",
            ["VOXPACT_FEE_BPS"] = "2",
        };
        var options = Read(["--urls", "http://flag", "--fee-bps=3"], variables);
        Assert.Equal("http://flag", options.Urls);
        Assert.Equal("variable", options.Data);
        Assert.Equal(3, options.FeeBps);
        Assert.Equal("usd", options.Currency);
        Assert.Equal(8_000, options.ThresholdBps);
    }

    [Theory]
    [InlineData("--top-up-minor")]
    [InlineData("--TopUpMinor")]
    [InlineData("--topupminor")]
    public void A_name_may_be_written_in_several_ways(string flag) =>
        Assert.Equal(200, Read([flag, "200"]).TopUpMinor);

    [Theory]
    [InlineData("VOXPACT_TOP_UP_MINOR")]
    [InlineData("VOXPACT_TopUpMinor")]
    [InlineData("VOXPACT_TOPUPMINOR")]
    [InlineData("VOXPACT_TOP_UPMINOR")]
    [InlineData("voxpact_top_up_minor")]
    public void So_may_a_variable(string name) =>
        Assert.Equal(200, Read([], new() { [name] = "200" }).TopUpMinor);

    [Fact]
    public void Every_setting_can_be_given_in_all_three_places()
    {
        foreach (var setting in Settings.All)
        {
            var type = setting.ValueType;
            string text = type.IsEnum ? Enum.GetNames(type)[^1] : type == typeof(bool) ? "false" : "7";
            object expected = type.IsEnum ? Enum.Parse(type, text) : type == typeof(bool) ? false
                : Convert.ChangeType(7, type);
            Assert.Equal(expected, setting.GetValue(Read([Settings.Flag(setting), text])));
            Assert.Equal(expected, setting.GetValue(Read([], new() { [Settings.Variable(setting)] = text })));
            Write($$"""{ "VoxPact": { "{{setting.Name}}": "{{text}}" } }""");
            Assert.Equal(expected, setting.GetValue(Read([])));
            File.Delete(Path.Combine(_folder, Settings.FileName));
        }
    }

    [Fact]
    public void Judges_are_objects_in_the_file_and_paths_elsewhere()
    {
        Write("""
            { "VoxPact": { "Judging": { "TokensPerDay": 5, "Judges": [
                { "Provider": "anthropic", "Model": "a" }, { "Provider": "openai-compatible", "Temperature": 0.25 }
            ] } } }
            """);
        var judging = Read(
            ["--judging-judges-0-model", "b"], new() { ["VOXPACT_Judging__Judges__1__Model"] = "c" }).Judging;
        Assert.Equal(5, judging.TokensPerDay);
        Assert.Equal((JudgeProvider.Anthropic, "b"), (judging.Judges[0].Provider!.Value, judging.Judges[0].Model));
        Assert.Equal((JudgeProvider.OpenAICompatible, "c"),
            (judging.Judges[1].Provider!.Value, judging.Judges[1].Model));
        Assert.Equal(0.25m, judging.Judges[1].Temperature);
        Assert.Null(new ServerOptions().Judging.Judges[0].Model);
    }

    [Fact]
    public void A_misspelt_setting_is_named_and_never_silently_ignored()
    {
        Assert.StartsWith("There is no setting --databse (on the command line). Did you mean --database?",
            Assert.Throws<BadSettings>(() => Read(["--databse", "Host=x"])).Message);
        Write("""{ "VoxPact": { "Databse": "Host=x" } }""");
        Assert.Contains("Did you mean Database?", Assert.Throws<BadSettings>(() => Read([])).Message);
    }

    [Theory]
    [InlineData("VOXPACT_DATABSE", "VOXPACT_DATABASE")]
    [InlineData("VOXPACT_JUDGING_JUDGES_0_API", "VOXPACT_JUDGING_JUDGES_0_API_KEY")]
    [InlineData("VOXPACT_JUDGING_JUDGES_1_PROVIDR", "VOXPACT_JUDGING_JUDGES_1_PROVIDER")]
    [InlineData("VOXPACT_JUDGING_JUDGES_2_MODEL", "VOXPACT_JUDGING_JUDGES_0_MODEL")]
    [InlineData("VOXPACT_JUDGES_1_MODEL", "VOXPACT_JUDGING_JUDGES_1_MODEL")]
    [InlineData("VOXPACT_COLOUR_OF_THE_SKY", null)]
    [InlineData("VOXPACT_", null)]
    public void So_is_a_misspelt_variable_with_the_name_that_was_meant(string name, string? meant)
    {
        string said = Assert.Throws<BadSettings>(() => Read([], new() { [name] = "x" })).Message;
        Assert.StartsWith($"There is no setting {name} (in the environment). ", said, StringComparison.Ordinal);
        if (meant is null) Assert.DoesNotContain("Did you mean", said, StringComparison.Ordinal);
        else Assert.Contains($"Did you mean {meant}?", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    [Theory]
    [InlineData("VOXPACT_TEST_POSTGRES", "Host=x")]
    [InlineData("VOXPACT_SABOTAGE", "x")]
    [InlineData("VOXPACT_WRITE_DOCS", "1")]
    [InlineData("VOXPACT_URL", "http://x")]
    [InlineData("VOXPACT_KEY", "x")]
    [InlineData("VOXPACT_SERVICE_PORT_HTTP", "5080")]
    [InlineData("VOXPACT_DB_PORT_5432_TCP_ADDR", "10.0.0.1")]
    [InlineData("VOXPACT_PORT", "tcp://10.0.0.1:5080")]
    [InlineData("VOXPACTS", "x")]
    public void Variables_of_others_are_left_alone(string name, string value) =>
        Assert.Equal(new ServerOptions().Urls, Read([], new() { [name] = value }).Urls);

    [Fact]
    public void Two_variables_for_one_setting_must_say_the_same()
    {
        string said = Assert.Throws<BadSettings>(() => Read([],
            new() { ["VOXPACT_FEE_BPS"] = "1", ["VOXPACT_FEEBPS"] = "2" })).Message;
        Assert.Contains("VOXPACT_FEEBPS and VOXPACT_FEE_BPS are one setting", said, StringComparison.Ordinal);
        Assert.Equal(3, Read([], new() { ["VOXPACT_FEE_BPS"] = "3", ["VOXPACT_FEEBPS"] = "3" }).FeeBps);
    }

    [Theory]
    [InlineData("""{ "VoxPact": { "Judging": { "Judges": [ { "BaseUri": "x" } ] } } }""",
        "Judging:Judges:0:BaseUri", "Did you mean Judging:Judges:0:BaseUrl?")]
    [InlineData("""{ "VoxPact": { "Judging": { "TokenPerDay": 5 } } }""",
        "Judging:TokenPerDay", "Did you mean Judging:TokensPerDay?")]
    [InlineData("""{ "voxpact": { "Judging": { "Judge": 5 } } }""", "Judging:Judge", "self-hosting.md")]
    [InlineData("""{ "Judging": { "TokensPerDay": 5 } }""", "Judging in", "belongs into the object \"VoxPact\"")]
    [InlineData("""{ "VoxPact": "x" }""", "cannot be read", "must hold a JSON object")]
    public void What_the_file_says_in_vain_is_refused(string json, string named, string said)
    {
        Write(json);
        string message = Assert.Throws<BadSettings>(() => Read([])).Message;
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--fee-bps", "ten", "a whole number")]
    [InlineData("--fee-bps", "99999999999", "a whole number")]
    [InlineData("--mode", "1", "one of sandbox, test, live")]
    [InlineData("--judging-judges-0-provider", "gemini", "one of anthropic, openai, openai-compatible, ollama")]
    [InlineData("--run-work", "sometimes", "true or false")]
    public void A_value_of_the_wrong_kind_is_explained(string flag, string value, string kind)
    {
        string said = Assert.Throws<BadSettings>(() => Read([flag, value])).Message;
        Assert.Contains(kind, said);
        Assert.Contains(flag, said);
    }

    [Theory]
    [InlineData("--data")]
    [InlineData("stray")]
    public void A_broken_command_line_is_refused(string argument) =>
        Assert.Throws<BadSettings>(() => Read([argument]));

    [Fact]
    public void A_file_that_is_not_JSON_is_named()
    {
        Write("{ not json");
        Assert.Contains(Settings.FileName, Assert.Throws<BadSettings>(() => Read([])).Message);
    }

    private ServerOptions Read(string[] flags, Dictionary<string, string>? variables = null) =>
        Settings.Read(flags, variables ?? [], [_folder]);

    private void Write(string json) => File.WriteAllText(Path.Combine(_folder, Settings.FileName), json);
}
