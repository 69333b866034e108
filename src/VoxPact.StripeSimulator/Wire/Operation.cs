using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Storage;

namespace VoxPact.StripeSimulator.Wire;

/// <summary>One thing the API can be asked: where, by whom, with which parameters, and who answers.</summary>
internal sealed record Operation(
    string Method, string Path, Func<Call, Outcome> Run, IReadOnlySet<string> Known)
{
    /// <summary>True when a publishable key may ask it (given the object's client secret).</summary>
    public bool Publishable { get; init; }

    /// <summary>True when it may be asked in the name of a connected account.</summary>
    public bool ForAccounts { get; init; }

    public static Operation Post(string path, Func<Call, Outcome> run, string known)
        => new("POST", path, run, Names(known));

    public static Operation Get(string path, Func<Call, Outcome> run, string known = "")
        => new("GET", path, run, Names(known));

    public static Operation List(string path, Func<Call, Outcome> run, string known = "")
        => new("GET", path, run, Names("limit starting_after ending_before created " + known));

    public static Operation Delete(string path, Func<Call, Outcome> run)
        => new("DELETE", path, run, Names(""));

    private static HashSet<string> Names(string known) => new(
        ("expand key " + known).Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}

/// <summary>One request to an operation, inside its transaction.</summary>
internal sealed record Call(Session Session, Params Params, RouteValueDictionary Route, bool IsPublishable)
{
    /// <summary>
    /// The connected account the request acts for (<c>Stripe-Account</c>); null is the platform.
    /// </summary>
    public string? Account { get; init; }

    public Links Links { get; init; } = new("");

    public long Now => Session.Now;

    public string Named(string name = "id") => (string)Route[name]!;

    /// <summary>A publishable key proves its right to one intent by the intent's client secret.</summary>
    public void CheckClientSecret(JsonObject intent)
    {
        var secret = Params.Text("client_secret");
        if (IsPublishable && secret is null)
            throw Fault.Missing("client_secret");
        if (secret is not null && secret != intent.Str("client_secret"))
            throw Fault.Invalid(
                "The client_secret provided does not match any associated intent on this account.",
                "client_secret", "resource_missing");
    }
}
