using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>The owner's Express account at Stripe, to which earnings are transferred.</summary>
internal static class Connect
{
    /// <summary>
    /// <c>POST /v1/connect/onboard</c>: starts or resumes onboarding; the link works once and for minutes.
    /// </summary>
    public static async Task<Reply> Onboard(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var look = await call.RunAsync(new ActiveOwnerLook { CallerKey = call.CallerKey, Idempotency = claim });
        if (look.Value is not OwnerLook.Found found) return look;
        var deployment = call.Deployment;
        var owner = found.Owner;
        string? account = owner.AccountId;
        if (account is null)
        {
            // The key follows from the owner, so two of these at once get the same account.
            account = await deployment.Stripe.CreateAccountAsync(
                owner.Country ?? deployment.Options.DefaultCountry, owner.Email, Id.Format(Id.Owner, owner.Id),
                $"account:{owner.Id:N}", call.Aborted);
            await deployment.Engine.RunWorkAsync(new Learn(owner.Id, account, false));
        }
        string url = $"{deployment.PublicUrl}/connect/return/{Id.Format(Id.Owner, owner.Id)}";
        string link = await deployment.Stripe.CreateOnboardingLinkAsync(account, url, url, call.Aborted);
        return await call.RunAsync(new KeepAnswer(Answers.Bare(
            new OnboardingPage { OnboardingUrl = link }, VoxPactJson.Wire.OnboardingPage))
        { CallerKey = call.CallerKey, Idempotency = claim });
    }

    /// <summary><c>GET /v1/connect/status</c>, asked of Stripe while it is not ready yet.</summary>
    public static async Task<Reply> Status(Call call)
    {
        var (_, owners, refusal) = await OwnerAsync(call);
        if (refusal is not null) return Reply.Refused(refusal);
        bool connected = owners[0].PayoutsEnabled;
        if (owners[0] is { AccountId: { } account, PayoutsEnabled: false })
        {
            try
            {
                // Started is not connected: Stripe says whether the person has come to the end of its form.
                connected = await RefreshAsync(call.Deployment, account, call.Aborted) is { DetailsSubmitted: true };
                (_, owners, _) = await OwnerAsync(call);
            }
            catch (PaymentProviderUnavailable)
            {
                // What is stored is what was last heard; the next event or question brings the newest.
                call.Deployment.Log.LogWarning("Stripe could not be asked about {Account}", account);
            }
        }
        return Answers.Bare(new ConnectStatus
        {
            Connected = connected,
            PayoutsEnabled = owners[0].PayoutsEnabled,
            StripeAccountId = owners[0].AccountId,
        }, VoxPactJson.Wire.ConnectStatus);
    }

    /// <summary>Takes over what Stripe says of an account; with payouts enabled, waiting earnings are paid.</summary>
    public static async Task<ConnectedAccount?> RefreshAsync(
        Deployment deployment, string accountId, CancellationToken stop)
    {
        var owners = await deployment.Store.QueryAsync(OwnerQueries.IdOfAccount(accountId), stop);
        if (owners is not [var owner]) return null;
        var account = await deployment.Stripe.GetAccountAsync(accountId, stop);
        var agents = await deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(owner), stop);
        await deployment.Engine.RunWorkAsync(new Learn(owner, accountId, account is { CanBePaid: true })
        {
            Agents = agents,
            NoticeId = Id.New(deployment.Clock.NowUs),
        });
        return account;
    }

    /// <summary>The page Stripe sends a person back to.</summary>
    public static async Task<string> ReturnAsync(Deployment deployment, Guid owner, CancellationToken stop)
    {
        var account = await deployment.Store.QueryAsync(OwnerQueries.Account(owner), stop);
        if (account is [{ } id]) await RefreshAsync(deployment, id, stop);
        return "Thank you. GET /v1/connect/status tells whether payouts are enabled; you can close this page.";
    }

    private static Task<(Agent? Caller, List<Owner> Owners, Refusal? Refusal)> OwnerAsync(Call call) =>
        call.QueryAsync(OwnerQueries.OfKey(call.CallerKey));

    private sealed class Learn(Guid ownerId, string account, bool canBePaid) : Command
    {
        /// <summary>Who is told when payouts stop working, under which id.</summary>
        public IReadOnlyList<Guid> Agents { get; init; } = [];
        public Guid NoticeId { get; init; }

        public override void Need(LoadPlan plan) => plan.Owners.Add(ownerId);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Owners.Find(ownerId) is not { } owner) return Reply.None;
            if (owner.AccountId == account && owner.PayoutsEnabled == canBePaid) return Reply.None;
            var decision = new Decision();
            var learned = owner with { AccountId = account, PayoutsEnabled = canBePaid };
            if (canBePaid && learned.Earnings > Money.Zero)
                learned = Payouts.Schedule(decision, learned, context.Policy, context.NowUs) ?? learned;
            // Earnings wait from now on; whoever can set it right must hear of it.
            if (owner.PayoutsEnabled && !canBePaid)
                decision.Tell(new Fact(FactType.PayoutFailed, NoticeId, 1, context.NowUs,
                    new FactData { AmountMinor = owner.Earnings.Minor, Reason = "account_disabled" }, Agents));
            return new Ruling(decision.Put(learned), Reply.None);
        }
    }
}
