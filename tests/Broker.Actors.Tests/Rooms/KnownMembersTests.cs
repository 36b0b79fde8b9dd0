using Broker.Actors.Presence;
using Broker.Actors.Rooms;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Tests.Rooms;

public sealed class KnownMembersTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 20)]
    [InlineData(3, 400)]
    public void Pulled_FromAnOwnerThatKnowsOthers_IsTheOwnersList(int seed, int changes)
    {
        var random = new Random(seed);
        var owners = new Members(max: int.MaxValue);
        for (var user = 0; user < 600; user++)
        {
            Join(user, "{}");
        }

        var known = new KnownMembers(owners.All());
        var before = Users();
        for (var change = 0; change < changes; change++)
        {
            var user = random.Next(1_200);
            if (!Leave(user) || random.Next(4) == 0)
            {
                Join(user, "1");   // some are back with another info: nobody is told of that
            }
        }

        var key = new DigestKey((ulong)seed, 5);
        var differing = known.DifferingFrom(key, owners.DigestUnder(key).Sums);
        var (came, went) = known.Replace(key, differing, owners.In(key, differing));

        differing.Count.ShouldBeLessThanOrEqualTo(changes);
        came.Select(member => member.UserId).Order(StringComparer.Ordinal).ShouldBe(Users().Except(before).Order(StringComparer.Ordinal));
        went.Order(StringComparer.Ordinal).ShouldBe(before.Except(Users()).Order(StringComparer.Ordinal));
        var next = new DigestKey((ulong)seed, 6);
        known.DifferingFrom(next, owners.DigestUnder(next).Sums).ShouldBeEmpty();

        void Join(int user, string info) => owners.Join(new SessionId(default, user), $"u{user}", System.Text.Encoding.UTF8.GetBytes(info));

        bool Leave(int user) => owners.Leave(new SessionId(default, user), $"u{user}") == MemberChange.Went;

        string[] Users() => [.. owners.All().Select(member => member.UserId)];
    }

    [Fact]
    public void Came_OfWhoIsKnown_IsNoNewsAndTakesTheInfo()
    {
        var key = new DigestKey(1, 2);
        var known = new KnownMembers([new Member("ann", "1"u8.ToArray(), 1)]);
        var owners = new MemberDigest(key);
        owners.Add("ann", "2"u8);

        known.Came(new Member("ann", "2"u8.ToArray(), 1)).ShouldBeFalse();

        known.DifferingFrom(key, owners.Sums).ShouldBeEmpty();
    }
}
