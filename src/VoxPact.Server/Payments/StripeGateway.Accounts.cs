using Stripe;

namespace VoxPact.Server.Payments;

/// <summary>What Stripe says of an owner's connected account.</summary>
internal sealed record ConnectedAccount(
    string Id, bool DetailsSubmitted, bool PayoutsEnabled, bool TransfersActive, string? Country,
    IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Whether earnings can be sent there and reach a bank.</summary>
    public bool CanBePaid => PayoutsEnabled && TransfersActive;
}

internal sealed partial class StripeGateway
{
    /// <summary>
    /// Makes an Express account in today's words (<c>controller</c> instead of <c>type</c>) and returns its
    /// id. It can receive transfers and nothing else.
    /// </summary>
    /// <param name="country">ISO 3166-1 alpha-2.</param>
    /// <param name="email">Pre-filled on Stripe's form.</param>
    /// <param name="owner">Stands in the metadata.</param>
    /// <param name="key">Idempotency key.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<string> CreateAccountAsync(
        string country, string email, string owner, string key, CancellationToken stop)
    {
        var options = new AccountCreateOptions
        {
            Country = country,
            Email = email,
            Metadata = new() { ["owner"] = owner },
            Controller = new AccountControllerOptions
            {
                Fees = new AccountControllerFeesOptions { Payer = "application" },
                Losses = new AccountControllerLossesOptions { Payments = "application" },
                StripeDashboard = new AccountControllerStripeDashboardOptions { Type = "express" },
            },
            Capabilities = new AccountCapabilitiesOptions
            {
                Transfers = new AccountCapabilitiesTransfersOptions { Requested = true },
            },
        };
        return (await AskAsync(() => _stripe.Accounts.CreateAsync(options, Once(key), stop), stop)).Id;
    }

    /// <summary>
    /// A fresh link to Stripe's onboarding form. It has no idempotency key on purpose: a link works once and
    /// for some minutes, so a repeated answer would be a dead page.
    /// </summary>
    public async Task<string> CreateOnboardingLinkAsync(
        string account, string refreshUrl, string returnUrl, CancellationToken stop)
    {
        var options = new AccountLinkCreateOptions
        {
            Account = account,
            RefreshUrl = refreshUrl,
            ReturnUrl = returnUrl,
            Type = "account_onboarding",
        };
        return (await AskAsync(() => _stripe.AccountLinks.CreateAsync(options, null, stop), stop)).Url;
    }

    /// <summary>Null when the account is gone: deleted, or taken off this platform.</summary>
    public async Task<ConnectedAccount?> GetAccountAsync(string id, CancellationToken stop)
    {
        if (await FindAsync(() => _stripe.Accounts.GetAsync(id, null, null, stop), stop) is not { } account
            || account.Deleted == true) return null;
        return new ConnectedAccount(
            account.Id, account.DetailsSubmitted, account.PayoutsEnabled,
            account.Capabilities?.Transfers == "active", account.Country, account.Metadata ?? []);
    }

    /// <summary>What a payout from a connected account to its bank was about; null when it is not there.</summary>
    public async Task<long?> GetPayoutAmountAsync(string id, string account, CancellationToken stop) =>
        (await FindAsync(() => _stripe.Payouts.GetAsync(
            id, null, new RequestOptions { StripeAccount = account }, stop), stop))?.Amount;

    /// <summary>The platform's own account, <c>acct_…</c>: whose money this is.</summary>
    public async Task<string> GetOwnAccountAsync(CancellationToken stop) =>
        (await AskAsync(() => _stripe.Accounts.GetSelfAsync(null, stop), stop)).Id;

    /// <summary>What the platform can transfer now, in minor units; charges take days to get there.</summary>
    public async Task<long> GetAvailableBalanceAsync(string currency, CancellationToken stop)
    {
        Balance balance = await AskAsync(() => _stripe.Balance.GetAsync(null, stop), stop);
        return balance.Available.Where(amount => amount.Currency == currency).Sum(amount => amount.Amount);
    }
}
