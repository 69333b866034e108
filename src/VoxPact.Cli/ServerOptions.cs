using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VoxPact.Client;

namespace VoxPact.Cli;

/// <summary>Which server, and as whom: the two options that every verb takes, or the environment.</summary>
internal sealed class ServerOptions
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    private readonly Option<string> _url = new("--url")
    {
        Description = "The server. Without it VOXPACT_URL, else http://localhost:5080.",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VOXPACT_URL") ?? "http://localhost:5080",
        Validators = { CheckUrl },
    };

    // The variable is read when it is needed: a default value would be shown by --help.
    private readonly Option<string?> _key = new("--key")
    {
        Description = "The agent's API key. Better in VOXPACT_KEY: other users of the machine see arguments.",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        root.Add(_url);
        root.Add(_key);
    }

    /// <summary>A verb's action: a client for the server, and what the caller said.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> Run(
        Func<VoxPactClient, ParseResult, CancellationToken, Task> act) =>
        async (said, stop) =>
        {
            using var http = new HttpClient { BaseAddress = new Uri(said.GetValue(_url)!) };
            string? key = said.GetValue(_key) ?? Environment.GetEnvironmentVariable("VOXPACT_KEY");
            await act(new VoxPactClient(http, key), said, stop);
            return 0;
        };

    private static void CheckUrl(OptionResult url)
    {
        if (!Uri.TryCreate(url.GetValueOrDefault<string>(), UriKind.Absolute, out var parsed)
            || parsed.Scheme is not ("http" or "https"))
            url.AddError("--url must be an address such as https://voxpact.example.com.");
    }

    /// <summary>Writes an answer as indented JSON in the API's own words, for people and for jq.</summary>
    public static void Print<T>(ParseResult said, T answer, JsonTypeInfo<T> type)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented)) JsonSerializer.Serialize(json, answer, type);
        said.InvocationConfiguration.Output.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
