using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Misbehaviour;
using VoxPact.StripeSimulator.Storage;

namespace VoxPact.StripeSimulator.Wire;

/// <summary>Requests that were answered with 500 and are done later, as Stripe says can happen.</summary>
internal sealed partial class Api
{
    private const string Waiting = "late_request";
    private const string Done = "late_request_done";

    /// <summary>Does what has become due; each in a transaction of its own, once.</summary>
    public async Task RunLateAsync(CancellationToken stop)
    {
        var due = await store.WriteAsync(session => session.Db.LateUntil(Waiting, session.Now), stop);
        foreach (var id in due)
        {
            var mark = new RequestMark(id, null);
            try
            {
                await store.WriteAsync(session => Finish(session, id, null), mark, stop);
            }
            catch (Fault refused)
            {
                // What it had begun is undone; its key keeps the refusal.
                await store.WriteAsync(session => Finish(session, id, Refusal(refused, id)), mark, stop);
            }
        }
    }

    private void Postpone(Session session, Request request, string path, string key, string fingerprint)
    {
        var route = new JsonObject();
        foreach (var (name, value) in request.Route)
            route[name] = (string?)value;
        var form = new JsonArray();
        foreach (var (name, value) in request.Params.Leaves())
            form.Add(new JsonArray(name, value));
        session.Add(
            new JsonObject
            {
                ["id"] = Ids.New("late_"),
                ["object"] = Waiting,
                ["created"] = session.Now,
                ["path"] = path,
                ["_method"] = request.Operation.Method,
                ["_operation"] = request.Operation.Path,
                ["_route"] = route,
                ["_form"] = form,
                ["_account"] = request.Account,
                ["_key"] = key,
                ["_fingerprint"] = fingerprint,
                ["_due"] = session.Now + dice.Plan.LateSeconds,
            },
            key);
    }

    private static bool IsPostponed(Session session, string key) => session.Db.IdsUnder(key, Waiting).Count > 0;

    private bool Finish(Session session, string id, Answer? refusal)
    {
        var late = session.Find(id)!;
        session.Db.Retype(id, Done);
        var answer = refusal ?? Execute(session, Read(late));
        var key = late.Str("_key")!;
        if (session.Db.AnswerUnder(key) is null)
            Idempotency.Keep(session, key, late.Str("_fingerprint")!, answer);
        return true;
    }

    private Request Read(JsonObject late)
    {
        var operation = operations.First(
            one => one.Method == late.Str("_method") && one.Path == late.Str("_operation"));
        var route = new RouteValueDictionary();
        foreach (var (name, value) in late["_route"]!.AsObject())
            route[name] = (string?)value;
        var form = FormReader.Build(
            late["_form"]!.AsArray().Select(pair => ((string)pair![0]!, (string)pair[1]!)));
        return new Request(operation, form, route, IsPublishable: false, late.Str("_account"), late.Id());
    }
}
