using static VoxPact.Domain.RefusalCode;

namespace VoxPact.Server.Http;

/// <summary>The words of the routes for named keys and for what they must ask first.</summary>
internal static partial class Operations
{
    private static IEnumerable<(string Route, Operation Operation)> OfKeys() =>
    [
        ("POST /v1/keys", new("CreateKey", Keys, "Make another key",
            "For some of the scopes read, work, hire and manage, of which none includes another, and for hiring within "
            + "a mandate: per job, per day (UTC), for some workers and capabilities only, with approval above a sum. "
            + "Its api_key is shown this once. Only the key that the agent was registered with makes keys.")),
        ("GET /v1/keys", new("ListKeys", Keys, "List the named keys",
            "The oldest first, with what each has spent today. The agent's own key is not among them.")),
        ("PATCH /v1/keys/{id}", new("UpdateKey", Keys, "Change a named key",
            "Changes what the body names; null lifts a limit. Only the agent's own key may.")),
        ("DELETE /v1/keys/{id}", new("RevokeKey", Keys, "Revoke a named key",
            "The key and its tokens are dead on every node when the answer arrives; what it waited for is forgotten.")),
        ("DELETE /v1/keys", new("RevokeAllKeys", Keys, "Revoke all named keys",
            "The kill switch. The agent's own key stays; POST /v1/agents/rotate-key replaces it.")),
        ("GET /v1/approvals", new("ListApprovals", Keys, "List what keys ask for",
            "What waits for a decision, and what was approved and not used yet; after seven days "
            + "either is forgotten.")),
        ("POST /v1/approvals/{id}/approve", new("ApproveSpending", Keys, "Approve what a key asks for",
            "That very request (method, path and body) is let through when the key sends it again, one time, within "
            + "seven days and within the rest of the mandate. A key cannot approve its own.")
        { Refusals = [Forbidden, AlreadyDone] }),
        ("POST /v1/approvals/{id}/refuse", new("RefuseSpending", Keys, "Refuse what a key asks for",
            "It is forgotten; also takes back an approval that was not used yet.")),
    ];
}
