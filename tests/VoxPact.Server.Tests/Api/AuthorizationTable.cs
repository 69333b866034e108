namespace VoxPact.Server.Tests.Api;

/// <summary>
/// Who gets what answer from which route. <c>unknown</c> is a well-formed key that nobody has, <c>malformed</c> cannot
/// be a key, <c>revoked</c> was rotated away, <c>pending</c> is not activated; <c>sibling</c> is another agent of the
/// buyer's owner; <c>k-…</c> are named keys of the buyer with that one scope; <c>bidder</c> has a bid that did not win (on an offered job: no bid at all).
/// </summary>
internal static class AuthorizationTable
{
    public const string Text = """
        route                                     state      none unknown malformed revoked pending stranger bidder sibling buyer worker operator  k-read k-work k-hire k-manage
        POST   /v1/agents/register                -          201  401     401       401     201     201      201    201     201   201    401     403    403    403    403
        POST   /v1/agents/auth/token              -          200  200     401       200     200     200      200    200     200   200    200     200    200    200    200
        GET    /v1/agents/me                      -          401  401     401       401     200     200      200    200     200   200    401     200    403    403    403
        PATCH  /v1/agents/me                      -          401  401     401       401     200     200      200    200     200   200    401     403    403    403    200
        POST   /v1/agents/me/checkout             -          401  401     401       401     201     409      409    409     409   409    401     403    403    403    409
        GET    /v1/agents/search                  -          200  200     401       200     200     200      200    200     200   200    200     200    200    200    200
        GET    /v1/agents/{id}                    -          200  200     401       200     200     200      200    200     200   200    200     200    200    200    200
        POST   /v1/agents/rotate-key              -          401  401     401       401     200     200      200    200     200   200    401     403    403    403    403
        POST   /v1/agents/me/rotate-key           -          401  401     401       401     200     200      200    200     200   200    401     403    403    403    403
        GET    /v1/agents/me/export               -          401  401     401       401     200     200      200    200     200   200    401     403    403    403    403
        POST   /v1/agents/me/confirm-email        -          401  401     401       401     202     202      202    202     202   202    401     403    403    403    403
        POST   /v1/agents/recover                 -          202  202     401       202     202     202      202    202     202   202    202     202    202    202    202
        POST   /v1/keys                           -          401  401     401       401     403     201      201    201     201   201    401     403    403    403    403
        GET    /v1/keys                           -          401  401     401       401     403     200      200    200     200   200    401     403    403    403    200
        DELETE /v1/keys                           -          401  401     401       401     403     200      200    200     200   200    401     403    403    403    200
        PATCH  /v1/keys/{id}                      -          401  401     401       401     403     404      404    404     200   404    401     403    403    403    403
        DELETE /v1/keys/{id}                      -          401  401     401       401     403     404      404    404     200   404    401     403    403    403    200
        GET    /v1/approvals                      -          401  401     401       401     403     200      200    200     200   200    401     403    403    403    200
        POST   /v1/approvals/{id}/approve         -          401  401     401       401     403     404      404    404     200   404    401     403    403    403    200
        POST   /v1/approvals/{id}/refuse          -          401  401     401       401     403     404      404    404     200   404    401     403    403    403    200
        POST   /v1/jobs                           -          401  401     401       401     403     201      201    201     201   201    401     403    403    201    403
        GET    /v1/jobs                           -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/jobs/open                      -          200  200     401       200     200     200      200    200     200   200    200     200    200    200    200
        GET    /v1/jobs/assigned                  -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/bids                           -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/events                         -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/events/stream                  -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        POST   /v1/events/test                    -          401  401     401       401     403     201      201    201     201   201    401     403    403    403    201
        POST   /v1/webhook-endpoints              -          401  401     401       401     403     201      201    201     201   201    401     403    403    403    201
        GET    /v1/webhook-endpoints              -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/webhook-endpoints/{id}         -          401  401     401       401     403     404      404    404     200   404    401     200    403    403    403
        PATCH  /v1/webhook-endpoints/{id}         -          401  401     401       401     403     404      404    404     200   404    401     403    403    403    200
        POST   /v1/webhook-endpoints/{id}/rotate-secret -          401  401     401       401     403     404      404    404     200   404    401     403    403    403    200
        POST   /v1/webhook-endpoints/{id}/ping    -          401  401     401       401     403     404      404    404     200   404    401     403    403    403    200
        GET    /v1/webhook-endpoints/{id}/deliveries -          401  401     401       401     403     404      404    404     200   404    401     200    403    403    403
        POST   /v1/webhook-endpoints/{id}/replay  -          401  401     401       401     403     404      404    404     200   404    401     403    403    403    200
        DELETE /v1/webhook-endpoints/{id}         -          401  401     401       401     403     404      404    404     200   404    401     403    403    403    200
        POST   /v1/payment-methods/setup          -          401  401     401       401     403     200      200    200     200   200    401     403    403    403    200
        GET    /v1/payment-methods                -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        DELETE /v1/payment-methods/{id}           -          401  401     401       401     403     404      404    200     200   404    401     403    403    403    200
        POST   /v1/connect/onboard                -          401  401     401       401     403     200      200    200     200   200    401     403    403    403    200
        GET    /v1/connect/status                 -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/balance                        -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/transactions                   -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        POST   /v1/balance/top-up                 -          401  401     401       401     403     202      202    202     202   202    401     403    403    403    202
        POST   /v1/balance/withdraw               -          401  401     401       401     403     202      202    202     202   202    401     403    403    403    202
        GET    /v1/operations/{id}                -          401  401     401       401     403     404      404    200     200   404    401     200    403    403    403
        GET    /v1/operator/payouts               -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        POST   /v1/operator/payouts/pause         -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        POST   /v1/operator/payouts/resume        -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        POST   /v1/operator/operations/{id}/resend -         401  401     401       401     403     403      403    403     403   403    409     403    403    403    403
        POST   /v1/operator/owners/{id}/write-off -          401  401     401       401     403     403      403    403     403   403    409     403    403    403    403
        POST   /v1/operator/capital               -          401  401     401       401     403     403      403    403     403   403    201     403    403    403    403
        POST   /v1/payouts                        -          401  401     401       401     403     409      409    409     409   409    401     403    403    403    409
        GET    /v1/payouts                        -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/dashboard                      -          401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/operator/check                 -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        GET    /.well-known/voxpact-keys.json     -          200  200     401       200     200     200      200    200     200   200    200     200    200    200    200
        GET    /v1/platform                       -          200  200     401       200     200     200      200    200     200   200    200     200    200    200    200
        GET    /health                            -          200  200     401       200     200     200      200    200     200   200    200     200    200    200    200
        POST   /v1/sandbox/clock                  -          200  200     401       200     200     200      200    200     200   200    200     200    200    200    200

        GET    /v1/jobs/{id}                      open       401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/jobs/{id}                      offered    401  401     401       401     403     404      404    404     200   200    401     200    403    403    403
        GET    /v1/jobs/{id}                      active     401  401     401       401     403     404      404    404     200   200    401     200    403    403    403
        GET    /v1/jobs/{id}                      disputed   401  401     401       401     403     404      404    404     200   200    401     200    403    403    403
        GET    /v1/jobs/{id}                      completed  401  401     401       401     403     404      404    404     200   200    401     200    403    403    403
        GET    /v1/jobs/{id}/receipt              open       401  401     401       401     403     409      409    409     409   409    401     409    403    403    403
        GET    /v1/jobs/{id}/receipt              active     401  401     401       401     403     404      404    404     409   409    401     409    403    403    403
        GET    /v1/jobs/{id}/receipt              completed  401  401     401       401     403     404      404    404     200   200    401     200    403    403    403
        GET    /v1/jobs/{id}/submissions          open       401  401     401       401     403     404      404    404     200   404    401     200    403    403    403
        GET    /v1/jobs/{id}/submissions          review     401  401     401       401     403     404      404    404     200   200    401     200    403    403    403
        GET    /v1/jobs/{id}/verdicts             open       401  401     401       401     403     404      404    404     200   404    401     200    403    403    403
        GET    /v1/jobs/{id}/verdicts             review     401  401     401       401     403     404      404    404     200   200    401     200    403    403    403
        GET    /v1/jobs/{id}/bids                 open       401  401     401       401     403     200      200    200     200   200    401     200    403    403    403
        GET    /v1/jobs/{id}/bids                 active     401  401     401       401     403     404      200    404     200   200    401     200    403    403    403

        POST   /v1/jobs/{id}/accept               open       401  401     401       401     403     403      403    403     403   403    401     403    403    403    403
        POST   /v1/jobs/{id}/accept               offered    401  401     401       401     403     404      404    404     403   200    401     403    403    403    403
        POST   /v1/jobs/{id}/accept               active     401  401     401       401     403     404      404    404     403   409    401     403    403    403    403
        POST   /v1/jobs/{id}/accept               completed  401  401     401       401     403     404      404    404     403   409    401     403    403    403    403
        POST   /v1/jobs/{id}/decline              open       401  401     401       401     403     403      403    403     403   403    401     403    403    403    403
        POST   /v1/jobs/{id}/decline              offered    401  401     401       401     403     404      404    404     403   200    401     403    403    403    403
        POST   /v1/jobs/{id}/decline              active     401  401     401       401     403     404      404    404     403   409    401     403    403    403    403
        POST   /v1/jobs/{id}/submit               open       401  401     401       401     403     403      403    403     403   403    401     403    403    403    403
        POST   /v1/jobs/{id}/submit               offered    401  401     401       401     403     404      404    404     403   200    401     403    403    403    403
        POST   /v1/jobs/{id}/submit               active     401  401     401       401     403     404      404    404     403   200    401     403    403    403    403
        POST   /v1/jobs/{id}/submit               review     401  401     401       401     403     404      404    404     403   409    401     403    403    403    403
        POST   /v1/jobs/{id}/submit               completed  401  401     401       401     403     404      404    404     403   409    401     403    403    403    403
        POST   /v1/jobs/{id}/deliver              open       401  401     401       401     403     403      403    403     403   403    401     403    403    403    403
        POST   /v1/jobs/{id}/deliver              offered    401  401     401       401     403     404      404    404     403   200    401     403    403    403    403
        POST   /v1/jobs/{id}/deliver              active     401  401     401       401     403     404      404    404     403   200    401     403    403    403    403
        POST   /v1/jobs/{id}/deliver              completed  401  401     401       401     403     404      404    404     403   409    401     403    403    403    403
        POST   /v1/jobs/{id}/approve              open       401  401     401       401     403     403      403    403     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/approve              active     401  401     401       401     403     404      404    404     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/approve              review     401  401     401       401     403     404      404    404     200   403    401     403    403    200    403
        POST   /v1/jobs/{id}/approve              disputed   401  401     401       401     403     404      404    404     200   403    401     403    403    200    403
        POST   /v1/jobs/{id}/approve              completed  401  401     401       401     403     404      404    404     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/request-revision     open       401  401     401       401     403     403      403    403     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/request-revision     active     401  401     401       401     403     404      404    404     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/request-revision     review     401  401     401       401     403     404      404    404     200   403    401     403    403    200    403
        POST   /v1/jobs/{id}/request-revision     disputed   401  401     401       401     403     404      404    404     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/revision             review     401  401     401       401     403     404      404    404     200   403    401     403    403    200    403
        POST   /v1/jobs/{id}/revision             disputed   401  401     401       401     403     404      404    404     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/cancel               open       401  401     401       401     403     403      403    403     200   403    401     403    200    200    403
        POST   /v1/jobs/{id}/cancel               offered    401  401     401       401     403     404      404    404     200   409    401     403    200    200    403
        POST   /v1/jobs/{id}/cancel               active     401  401     401       401     403     404      404    404     200   200    401     403    200    200    403
        POST   /v1/jobs/{id}/cancel               review     401  401     401       401     403     404      404    404     200   200    401     403    200    200    403
        POST   /v1/jobs/{id}/cancel               disputed   401  401     401       401     403     404      404    404     409   409    401     403    409    409    403
        POST   /v1/jobs/{id}/cancel               completed  401  401     401       401     403     404      404    404     409   409    401     403    409    409    403
        POST   /v1/jobs/{id}/dispute              open       401  401     401       401     403     403      403    403     409   403    401     403    409    409    403
        POST   /v1/jobs/{id}/dispute              active     401  401     401       401     403     404      404    404     409   409    401     403    409    409    403
        POST   /v1/jobs/{id}/dispute              review     401  401     401       401     403     404      404    404     200   200    401     403    200    200    403
        POST   /v1/jobs/{id}/dispute              completed  401  401     401       401     403     404      404    404     409   409    401     403    409    409    403
        POST   /v1/jobs/{id}/concede              open       401  401     401       401     403     403      403    403     403   403    401     403    403    403    403
        POST   /v1/jobs/{id}/concede              review     401  401     401       401     403     404      404    404     403   409    401     403    403    403    403
        POST   /v1/jobs/{id}/concede              disputed   401  401     401       401     403     404      404    404     403   200    401     403    403    403    403
        POST   /v1/jobs/{id}/bonus                open       401  401     401       401     403     403      403    403     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/bonus                active     401  401     401       401     403     404      404    404     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/bonus                completed  401  401     401       401     403     404      404    404     201   403    401     403    403    201    403
        POST   /v1/jobs/{id}/bid                  open       401  401     401       401     403     201      409    201     403   409    401     403    403    403    403
        POST   /v1/jobs/{id}/bid                  offered    401  401     401       401     403     404      404    404     403   403    401     403    403    403    403
        POST   /v1/jobs/{id}/bid                  active     401  401     401       401     403     404      404    404     403   403    401     403    403    403    403
        POST   /v1/jobs/{id}/bids                 open       401  401     401       401     403     201      409    201     403   409    401     403    403    403    403
        POST   /v1/jobs/{id}/bids                 active     401  401     401       401     403     404      404    404     403   403    401     403    403    403    403
        POST   /v1/jobs/{id}/bids/{bid}/accept    open       401  401     401       401     403     403      403    403     200   403    401     403    403    200    403
        POST   /v1/jobs/{id}/bids/{bid}/accept    active     401  401     401       401     403     404      404    404     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/messages             open       401  401     401       401     403     403      403    403     409   403    401     403    409    409    403
        POST   /v1/jobs/{id}/messages             offered    401  401     401       401     403     404      404    404     201   201    401     403    201    201    403
        POST   /v1/jobs/{id}/messages             completed  401  401     401       401     403     404      404    404     201   201    401     403    201    201    403
        GET    /v1/jobs/{id}/messages             open       401  401     401       401     403     404      404    404     200   404    401     200    403    403    403
        GET    /v1/jobs/{id}/messages             active     401  401     401       401     403     404      404    404     200   200    401     200    403    403    403
        POST   /v1/jobs/{id}/files/upload-url     open       401  401     401       401     403     403      403    403     201   403    401     403    201    201    403
        POST   /v1/jobs/{id}/files/upload-url     active     401  401     401       401     403     404      404    404     201   201    401     403    201    201    403
        POST   /v1/jobs/{id}/files/{file}/confirm active     401  401     401       401     403     404      404    404     404   404    401     403    404    404    403
        GET    /v1/jobs/{id}/files                open       401  401     401       401     403     404      404    404     200   404    401     200    403    403    403
        GET    /v1/jobs/{id}/files                active     401  401     401       401     403     404      404    404     200   200    401     200    403    403    403
        GET    /v1/jobs/{id}/files/{file}/download-url active 401 401     401       401     403     404      404    404     404   404    401     404    403    403    403
        POST   /v1/jobs/{id}/review               open       401  401     401       401     403     403      403    403     409   403    401     403    409    409    403
        POST   /v1/jobs/{id}/review               active     401  401     401       401     403     404      404    404     409   409    401     403    409    409    403
        POST   /v1/jobs/{id}/review               completed  401  401     401       401     403     404      404    404     201   201    401     403    201    201    403
        GET    /v1/operator/jobs/{id}/recommendation review  401  401     401       401     403     403      403    403     403   403    404     403    403    403    403
        POST   /v1/operator/jobs/{id}/resolve     open       401  401     401       401     403     403      403    403     403   403    409     403    403    403    403
        POST   /v1/operator/jobs/{id}/resolve     review     401  401     401       401     403     403      403    403     403   403    409     403    403    403    403
        POST   /v1/operator/jobs/{id}/resolve     disputed   401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        POST   /v1/operator/jobs/{id}/resolve     completed  401  401     401       401     403     403      403    403     403   403    409     403    403    403    403
        POST   /v1/operator/adopt                 -          401  401     401       401     403     403      403    403     403   403    409     403    403    403    403
        GET    /v1/operator/disputes              -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        GET    /v1/operator/agents/{id}           -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        POST   /v1/operator/agents/{id}/suspend   -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        POST   /v1/operator/agents/{id}/reinstate -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        GET    /v1/operator/totals                -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        GET    /v1/operator/audit                 -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        POST   /v1/operator/rotate-key            -          401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        GET    /v1/operator/jobs/{id}             open       401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        GET    /v1/operator/jobs/{id}             disputed   401  401     401       401     403     403      403    403     403   403    200     403    403    403    403
        POST   /v1/jobs/batch                     -          401  401     401       401     403     200      200    200     200   200    401     403    403    200    403
        PATCH  /v1/jobs/{id}/bids/{bid}           open       401  401     401       401     403     404      404    404     404   200    401     403    404    403    403
        PATCH  /v1/jobs/{id}/bids/{bid}           active     401  401     401       401     403     404      404    404     404   409    401     403    404    403    403
        DELETE /v1/jobs/{id}/bids/{bid}           open       401  401     401       401     403     404      404    404     404   200    401     403    404    403    403
        DELETE /v1/jobs/{id}/bids/{bid}           active     401  401     401       401     403     404      404    404     404   409    401     403    404    403    403
        POST   /v1/jobs/{id}/counter-offer        open       401  401     401       401     403     403      403    403     403   403    401     403    403    403    403
        POST   /v1/jobs/{id}/counter-offer        offered    401  401     401       401     403     404      404    404     403   200    401     403    403    403    403
        POST   /v1/jobs/{id}/counter-offer        active     401  401     401       401     403     404      404    404     403   409    401     403    403    403    403
        DELETE /v1/jobs/{id}/counter-offer        offered    401  401     401       401     403     404      404    404     403   409    401     403    403    403    403
        POST   /v1/jobs/{id}/counter-offer/accept offered    401  401     401       401     403     404      404    404     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/counter-offer/accept active     401  401     401       401     403     404      404    404     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/counter-offer/decline offered    401  401     401       401     403     404      404    404     409   403    401     403    403    409    403
        POST   /v1/jobs/{id}/evidence             open       401  401     401       401     403     403      403    403     409   403    401     403    409    409    403
        POST   /v1/jobs/{id}/evidence             review     401  401     401       401     403     404      404    404     409   409    401     403    409    409    403
        POST   /v1/jobs/{id}/evidence             disputed   401  401     401       401     403     404      404    404     201   201    401     403    201    201    403
        GET    /v1/jobs/{id}/evidence             open       401  401     401       401     403     404      404    404     200   404    401     200    403    403    403
        GET    /v1/jobs/{id}/evidence             disputed   401  401     401       401     403     404      404    404     200   200    401     200    403    403    403
        POST   /v1/jobs/{id}/appeal               review     401  401     401       401     403     404      404    404     409   409    401     403    409    409    403
        POST   /v1/jobs/{id}/appeal               disputed   401  401     401       401     403     404      404    404     409   409    401     403    409    409    403
        GET    /v1/operator/jobs/{id}/evidence    disputed   401  401     401       401     403     403      403    403     403   403    200     403    403    403    403

        DELETE /v1/agents/me                      -          401  401     401       401     200     409      409    409     409   409    401     403    403    403    403
        """;

    public sealed record Row(string Method, string Path, string State, IReadOnlyList<(string Caller, int Status)> Cells)
    {
        public override string ToString() => $"{Method} {Path} ({State})";
    }

    public static IReadOnlyList<Row> Rows { get; } = Read();

    private static List<Row> Read()
    {
        string[][] lines = [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0)];
        string[] callers = lines[0][2..];
        return [.. lines[1..].Select(words => new Row(words[0], words[1], words[2],
            [.. callers.Zip(words[3..], (caller, status) => (caller, int.Parse(status)))]))];
    }
}
