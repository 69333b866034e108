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
        Assert.Contains("--databse", Assert.Throws<BadSettings>(() => Read(["--databse", "Host=x"])).Message);
        Write("""{ "VoxPact": { "Databse": "Host=x" } }""");
        Assert.Contains("Databse", Assert.Throws<BadSettings>(() => Read([])).Message);
    }

    [Theory]
    [InlineData("--fee-bps", "ten", "a whole number")]
    [InlineData("--fee-bps", "99999999999", "a whole number")]
    [InlineData("--mode", "1", "one of sandbox, test, live")]
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
        Settings.Read(flags, name => variables?.GetValueOrDefault(name), [_folder]);

    private void Write(string json) => File.WriteAllText(Path.Combine(_folder, Settings.FileName), json);
}
