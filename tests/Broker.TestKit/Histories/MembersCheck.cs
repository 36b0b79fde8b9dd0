namespace Broker.TestKit.Histories;

/// <summary>
/// I8: when faults have been over for a while, members are the true ones for everybody; and as each client sees it, users
/// join and leave in turn, and no more often than they really came and went.
/// </summary>
internal sealed class MembersCheck : IHistoryCheck
{
    public void Check(HistoryIndex history, List<Violation> violations)
    {
        var stays = ReadStays(history);
        CheckLists(history, stays, violations);
        CheckNotices(history, stays, violations);
    }

    private static void CheckLists(HistoryIndex history, ILookup<string, MemberStay> stays, List<Violation> violations)
    {
        var dueAtMs = history.FaultsEndedAtMs + history.Rules.MembersSettleMs;
        foreach (var listed in history.Records.OfType<HistoryRecord.MembersListed>().Where(listed => listed.AtMs >= dueAtMs))
        {
            var (truth, unsure) = TruthOf(stays[listed.Channel]);
            var told = listed.Users.Except(unsure, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            if (!told.SequenceEqual(truth))
            {
                violations.Add(new Violation(
                    Invariant.MembersAreTrue, $"{listed.Client} was told that [{string.Join(' ', told)}] are in {listed.Channel}; it is [{string.Join(' ', truth)}]", [listed]));
            }
        }
    }

    private static void CheckNotices(HistoryIndex history, ILookup<string, MemberStay> stays, List<Violation> violations)
    {
        var seen = new Dictionary<(string Client, string Channel, string User), Seen>();
        foreach (var record in history.Records)
        {
            switch (record)
            {
                case HistoryRecord.MemberJoined joined: Notice(joined.Client, joined.Channel, joined.User, isHere: true, joined); break;
                case HistoryRecord.MemberLeft left: Notice(left.Client, left.Channel, left.User, isHere: false, left); break;
                case HistoryRecord.Disconnected gone: Forget(seen, key => key.Client == gone.Client); break;
                case HistoryRecord.Unsubscribed gone: Forget(seen, key => key.Client == gone.Client && key.Channel == gone.Channel); break;
                case HistoryRecord.Subscribed { Recovered: false } anew: Forget(seen, key => key.Client == anew.Client && key.Channel == anew.Channel); break;
                case HistoryRecord.Ended: CheckLast(history, stays, seen, violations); break;
            }
        }

        void Notice(string client, string channel, string user, bool isHere, HistoryRecord record)
        {
            if (!seen.TryGetValue((client, channel, user), out var sight))
            {
                seen.Add((client, channel, user), sight = new Seen());
            }
            else if (sight.Last is not null && sight.IsHere == isHere)
            {
                violations.Add(new Violation(
                    Invariant.MembersAreTrue, $"{client} saw {user} {(isHere ? "join" : "leave")} {channel} twice in a row", [sight.Last, record]));
            }

            sight.IsHere = isHere;
            sight.Last = record;
            var count = isHere ? ++sight.Joins : ++sight.Leaves;
            var real = isHere ? Comings(history, stays[channel], user, record.AtMs) : Goings(history, stays[channel], user, record.AtMs);
            if (count > real)
            {
                violations.Add(new Violation(
                    Invariant.MembersAreTrue,
                    $"{client} saw {user} {(isHere ? "join" : "leave")} {channel} for the {count}. time, which it had done {real} times",
                    [record]));
            }
        }
    }

    private static void CheckLast(
        HistoryIndex history, ILookup<string, MemberStay> stays, Dictionary<(string Client, string Channel, string User), Seen> seen, List<Violation> violations)
    {
        if (history.FaultsEndedAtMs is null)
        {
            return;
        }

        foreach (var (key, sight) in seen)
        {
            var (truth, unsure) = TruthOf(stays[key.Channel]);
            if (sight.Last is { } last && !unsure.Contains(key.User, StringComparer.Ordinal) && truth.Contains(key.User, StringComparer.Ordinal) != sight.IsHere)
            {
                violations.Add(new Violation(
                    Invariant.MembersAreTrue, $"{key.Client} saw {key.User} {(sight.IsHere ? "join" : "leave")} {key.Channel} last, which is not how it ended", [last]));
            }
        }
    }

    /// <summary>Who is here at the end, and of whom nobody can say.</summary>
    private static (string[] Truth, string[] Unsure) TruthOf(IEnumerable<MemberStay> stays)
    {
        var open = stays.Where(stay => stay.Leaving is null).ToArray();
        var truth = open.Where(stay => stay.EnteredAtMs is not null).Select(stay => stay.User).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return (truth, [.. open.Where(stay => stay.EnteredAtMs is null).Select(stay => stay.User).Except(truth, StringComparer.Ordinal)]);
    }

    private static int Comings(HistoryIndex history, IEnumerable<MemberStay> stays, string user, long atMs)
    {
        var own = stays.Where(stay => stay.User == user).ToArray();
        return own.Count(stay => stay.EnteringAtMs <= atMs && !own.Any(other => other != stay
                && other.IsSurelyHereAt(stay.EnteringAtMs, history.Rules.SureGraceMs)
                && other.IsSurelyHereAt(stay.EnteredAtMs ?? long.MaxValue, history.Rules.SureGraceMs)))
            + Absences(history, own, atMs);
    }

    private static int Goings(HistoryIndex history, IEnumerable<MemberStay> stays, string user, long atMs)
    {
        var own = stays.Where(stay => stay.User == user).ToArray();
        return own.Count(stay => stay.Leaving is { } leaving && leaving.AtMs <= atMs
                && !own.Any(other => other != stay
                    && other.IsSurelyHereAt(leaving.AtMs + (leaving.IsLost ? history.Rules.SureGraceMs : 0), history.Rules.SureGraceMs)))
            + Absences(history, own, atMs);
    }

    /// <summary>How often a node that held the user may have been taken for dead.</summary>
    private static int Absences(HistoryIndex history, IReadOnlyList<MemberStay> own, long atMs)
    {
        var stoodStill = Spans<HistoryRecord.Suspended, HistoryRecord.Resumed>(history, one => one.Node, one => one.Node, history.Rules.SureLeaseMs);
        var cutOff = Spans<HistoryRecord.CutOff, HistoryRecord.CameBack>(history, one => one.Node, one => one.Node, history.Rules.SureCutMs)
            .Where(cut => !stoodStill.Any(span => span.Node == cut.Node && span.FromMs <= cut.FromMs && cut.FromMs < span.ToMs));   // which counts already
        return stoodStill.Concat(cutOff)
            .Count(span => span.FromMs <= atMs && own.Any(stay => stay.Node == span.Node && stay.EnteringAtMs <= span.ToMs));
    }

    /// <summary>From each first record to the next of the other kind that tells of the same node; those that are long enough, or have no end.</summary>
    private static (string Node, long FromMs, long ToMs)[] Spans<TFrom, TTo>(HistoryIndex history, Func<TFrom, string> from, Func<TTo, string> to, long leastMs)
        where TFrom : HistoryRecord
        where TTo : HistoryRecord =>
    [
        .. history.Records.OfType<TFrom>()
            .Select(began => (
                Node: from(began),
                FromMs: began.AtMs,
                ToMs: history.Records.OfType<TTo>().FirstOrDefault(ended => to(ended) == from(began) && ended.AtMs >= began.AtMs)?.AtMs ?? long.MaxValue))
            .Where(span => span.ToMs - span.FromMs >= leastMs),
    ];

    private static ILookup<string, MemberStay> ReadStays(HistoryIndex history)
    {
        var nodes = new Dictionary<string, string>(StringComparer.Ordinal);
        var stays = new List<(string Channel, MemberStay Stay)>();
        foreach (var record in history.Records)
        {
            switch (record)
            {
                case HistoryRecord.Connected connected: nodes[connected.Client] = connected.Node; break;
                case HistoryRecord.Entering entering:
                    stays.Add((entering.Channel, new MemberStay(entering.User, entering.Client, nodes.GetValueOrDefault(entering.Client), entering)));
                    break;
                case HistoryRecord.Entered entered when Find(entered.Client, entered.Channel) is { } stay: stay.EnteredAtMs = entered.AtMs; break;
                case HistoryRecord.Leaving leaving when Find(leaving.Client, leaving.Channel) is { } stay: stay.Leaving = leaving; break;
            }
        }

        return stays.ToLookup(entry => entry.Channel, entry => entry.Stay, StringComparer.Ordinal);

        MemberStay? Find(string client, string channel) =>
            stays.LastOrDefault(entry => entry.Channel == channel && entry.Stay.Client == client && entry.Stay.Leaving is null).Stay;
    }

    private static void Forget(Dictionary<(string Client, string Channel, string User), Seen> seen, Func<(string Client, string Channel, string User), bool> isGone)
    {
        foreach (var key in seen.Keys.Where(isGone).ToArray())
        {
            seen.Remove(key);
        }
    }

    private sealed class Seen
    {
        public bool IsHere { get; set; }

        public HistoryRecord? Last { get; set; }

        public int Joins { get; set; }

        public int Leaves { get; set; }
    }
}
