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
        var absences = AbsencesOf(history);
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
            var real = isHere ? Comings(history, absences, stays[channel], user, record.AtMs) : Goings(history, absences, stays[channel], user, record.AtMs);
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

    private static int Comings(HistoryIndex history, IReadOnlyList<Absence> absences, IEnumerable<MemberStay> stays, string user, long atMs)
    {
        var own = stays.Where(stay => stay.User == user).ToArray();
        return own.Count(stay => stay.EnteringAtMs <= atMs && !own.Any(other => other != stay
                && other.IsSurelyHereAt(stay.EnteringAtMs, history.Rules.SureGraceMs)
                && other.IsSurelyHereAt(stay.EnteredAtMs ?? long.MaxValue, history.Rules.SureGraceMs)))
            + Absences(absences, own, atMs);
    }

    private static int Goings(HistoryIndex history, IReadOnlyList<Absence> absences, IEnumerable<MemberStay> stays, string user, long atMs)
    {
        var own = stays.Where(stay => stay.User == user).ToArray();
        return own.Count(stay => stay.Leaving is { } leaving && leaving.AtMs <= atMs
                && !own.Any(other => other != stay
                    && other.IsSurelyHereAt(leaving.AtMs + (leaving.IsLost ? history.Rules.SureGraceMs : 0), history.Rules.SureGraceMs)))
            + Absences(absences, own, atMs);
    }

    /// <summary>How often a node that held the user may have been taken for dead.</summary>
    private static int Absences(IReadOnlyList<Absence> absences, IReadOnlyList<MemberStay> own, long atMs) =>
        absences.Count(one => one.FromMs <= atMs && own.Any(stay => stay.Node == one.Node && stay.EnteringAtMs <= one.ToMs));

    /// <summary>When nodes may have been taken for dead.</summary>
    private static Absence[] AbsencesOf(HistoryIndex history)
    {
        var stoodStill = Pair(
            history.Records.OfType<HistoryRecord.Suspended>().Select(one => (one.Node, one.AtMs)),
            history.Records.OfType<HistoryRecord.Resumed>().Select(one => (one.Node, one.AtMs)),
            history.Rules.SureLeaseMs);
        var cutOff = Pair(
            history.Records.OfType<HistoryRecord.CutOff>().Select(one => (one.Node, one.AtMs)),
            history.Records.OfType<HistoryRecord.CameBack>().Select(one => (one.Node, one.AtMs)),
            history.Rules.SureCutMs);
        return [.. stoodStill, .. cutOff.Where(cut => !stoodStill.Any(still => still.Node == cut.Node && still.FromMs <= cut.FromMs && cut.FromMs < still.ToMs))];
    }

    /// <summary>From each beginning to the node's next end; those that are long enough, or have no end.</summary>
    private static Absence[] Pair(IEnumerable<(string Node, long AtMs)> begins, IEnumerable<(string Node, long AtMs)> ends, long leastMs)
    {
        var endsOf = ends.ToLookup(end => end.Node, end => end.AtMs);
        return
        [
            .. begins.Select(begin => new Absence(begin.Node, begin.AtMs, endsOf[begin.Node].Where(atMs => atMs >= begin.AtMs).FirstOrDefault(long.MaxValue)))
                .Where(absence => absence.ToMs - absence.FromMs >= leastMs),
        ];
    }

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

    private readonly record struct Absence(string Node, long FromMs, long ToMs);

    private sealed class Seen
    {
        public bool IsHere { get; set; }

        public HistoryRecord? Last { get; set; }

        public int Joins { get; set; }

        public int Leaves { get; set; }
    }
}
