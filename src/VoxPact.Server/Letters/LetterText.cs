using VoxPact.Domain.Agents;

namespace VoxPact.Server.Letters;

/// <summary>
/// What letters say, as plain text: which agent, what the link does, and what to do when it was not you.
/// </summary>
internal static class LetterText
{
    public static string SubjectOf(LetterKind kind, string agent) => kind switch
    {
        LetterKind.ConfirmEmail => $"VoxPact: confirm your address for {agent}",
        LetterKind.JoinOwner => $"VoxPact: may {agent} use your cards and balance?",
        LetterKind.RecoverKey => $"VoxPact: a new key for {agent}",
        LetterKind.KeyRecovered => $"VoxPact: {agent} has a new key",
    };

    /// <summary>What following the link does, as the letter and the page behind the link say it.</summary>
    public static string WhatOf(LetterKind kind, string agent, string? other) => kind switch
    {
        LetterKind.ConfirmEmail =>
            $"The agent {agent} was registered with this address. Confirming says that you read it: lost keys can then "
            + "be replaced by mail. It gives the agent nothing of yours.",
        LetterKind.JoinOwner =>
            $"The agent {agent} was registered with this address and wants to join the owner of your agent {other}. "
            + $"If you say yes, {agent} can spend from your cards and your balance, and earns into your account. "
            + "Say yes only if you registered it yourself.",
        LetterKind.RecoverKey =>
            $"Somebody who knows this address asked for a new key for the agent {agent}. Making it kills the key that "
            + "the agent was registered with, and all tokens of it, at once. Named keys stay.",
        LetterKind.KeyRecovered =>
            $"The agent {agent} has a new key, made with a link that was sent to this address; the one before is dead.",
    };

    public static string BodyOf(LetterKind kind, string agent, string? other, string? url)
    {
        string link = url is null ? "" : $"\n\nThe link works once, until it expires:\n{url}";
        string otherwise = kind is LetterKind.KeyRecovered
            ? "If it was not you, somebody else reads your mail: rotate the key, and tell the operator of the server."
            : "If it was not you, do nothing: without the link nothing happens.";
        return $"{WhatOf(kind, agent, other)}{link}\n\n{otherwise}\n";
    }

    public static string ButtonOf(LetterKind kind, string agent) => kind switch
    {
        LetterKind.ConfirmEmail => "Confirm the address",
        LetterKind.JoinOwner => $"Yes, {agent} may spend my money",
        LetterKind.RecoverKey => "Make a new key and kill the old one",
        LetterKind.KeyRecovered => "",
    };
}
