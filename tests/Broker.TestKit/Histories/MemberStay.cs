namespace Broker.TestKit.Histories;

/// <summary>One session that was present as a user, as its client knows it.</summary>
internal sealed class MemberStay(string user, string client, string? node, HistoryRecord.Entering entering)
{
    public string User => user;

    public string Client => client;

    /// <summary>Where its connection was.</summary>
    public string? Node => node;

    public long EnteringAtMs => entering.AtMs;

    /// <summary>Null while the owner has not taken it.</summary>
    public long? EnteredAtMs { get; set; }

    public HistoryRecord.Leaving? Leaving { get; set; }

    /// <summary>True when the owner knew the user to be here, by this session, at a time.</summary>
    public bool IsSurelyHereAt(long atMs, long sureGraceMs) =>
        EnteredAtMs is { } entered && entered < atMs && (Leaving is null || Leaving.AtMs + (Leaving.IsLost ? sureGraceMs : 0) > atMs);
}
