using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Misbehaviour;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Control;

/// <summary>The plan of what goes wrong, set and read by tests.</summary>
internal sealed class FaultRoutes(FaultDice dice)
{
    private const int MostAwaited = 1_000;

    public Task<JsonObject> ShowAsync(HttpContext http, Params form) => Task.FromResult(Shown());

    /// <summary>Replaces the plan and forgets what was awaited; an empty one ends all misbehaviour.</summary>
    public Task<JsonObject> PlanAsync(HttpContext http, Params form)
    {
        dice.Follow(FaultPlan.Read(form));
        return Task.FromResult(Shown());
    }

    public Task<JsonObject> NextAsync(HttpContext http, Params form)
    {
        var fault = FaultPlan.Named(form, "fault");
        var count = form.Integer("count") ?? 1;
        if (count is < 1 or > MostAwaited)
            throw Fault.Invalid($"count must be 1 to {MostAwaited}.", "count");
        dice.Await(fault, form.Text("method") ?? "", form.Text("path") ?? "/v1/", (int)count);
        return Task.FromResult(Shown());
    }

    private JsonObject Shown()
    {
        var plan = dice.Plan;
        return new JsonObject
        {
            ["seed"] = plan.Seed,
            ["path"] = plan.Path,
            ["keep_errors"] = plan.KeepsErrors,
            ["late_seconds"] = plan.LateSeconds,
            ["per_mille"] = new JsonObject(plan.PerMille.Select(
                rate => KeyValuePair.Create<string, JsonNode?>(FaultPlan.NameOf(rate.Key), rate.Value))),
            ["happened"] = new JsonObject(dice.Happened().Select(
                count => KeyValuePair.Create<string, JsonNode?>(FaultPlan.NameOf(count.Key), count.Value))),
        };
    }
}
