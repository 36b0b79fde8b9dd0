using Broker.Actors.Presence;
using Broker.Messages;

namespace Broker.Actors.Tests.Presence;

public class MembersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Members_WithRandomJoinsAndLeaves_AreWhatTheModelSays(int seed)
    {
        var random = new Random(seed);
        var members = new Members(max: 6);
        var model = new Dictionary<string, HashSet<SessionId>>(StringComparer.Ordinal);
        var nodes = new[] { Incarnation.New(), Incarnation.New() };
        for (var step = 0; step < 5_000; step++)
        {
            var user = $"u{random.Next(10)}";
            var session = new SessionId(nodes[random.Next(2)], random.Next(6));
            var here = model.GetValueOrDefault(user);
            if (random.Next(2) == 0)
            {
                var wanted = here is not null ? MemberChange.None : model.Count >= 6 ? MemberChange.Full : MemberChange.Came;
                members.Join(session, user, default).ShouldBe(wanted);
                if (wanted != MemberChange.Full)
                {
                    (model.TryGetValue(user, out var sessions) ? sessions : model[user] = []).Add(session);
                }
            }
            else
            {
                var wanted = here is null || !here.Contains(session) || here.Count > 1 ? MemberChange.None : MemberChange.Went;
                members.Leave(session, user).ShouldBe(wanted);
                here?.Remove(session);
                if (here is { Count: 0 })
                {
                    model.Remove(user);
                }
            }

            members.Count.ShouldBe(model.Count);
            members.Connections.ShouldBe(model.Sum(item => item.Value.Count));
            members.Find(user)?.Connections.ShouldBe(model[user].Count);
            (members.Find(user) is null).ShouldBe(!model.ContainsKey(user));
        }

        members.Of(nodes[0]).Length.ShouldBe(model.Sum(item => item.Value.Count(session => session.Node == nodes[0])));
        members.All().Select(member => member.UserId).Order(StringComparer.Ordinal)
            .ShouldBe(model.Keys.Order(StringComparer.Ordinal));
    }
}
