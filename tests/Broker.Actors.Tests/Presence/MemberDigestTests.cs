using Broker.Actors.Presence;
using Broker.Messages.Cluster;

namespace Broker.Actors.Tests.Presence;

public sealed class MemberDigestTests
{
    private static readonly DigestKey Key = new(1, 2);

    /// <summary>Nodes of any release have to agree on it; the figures are from another implementation.</summary>
    [Fact]
    public void Digest_OfKnownMembers_StaysAsItWasReleased()
    {
        var digest = Of(("ann", "1"), ("zoë", "{}"), ("", ""));

        Enumerable.Range(0, MemberDigest.Buckets).Where(bucket => digest.Sums[bucket] != 0)
            .Select(bucket => $"{bucket:x2} {digest.Sums[bucket]:x16}").ShouldBe(["7b 0f5525364d491e13", "7c d88839694cb6821b", "f5 7a2227872b8c6429"]);
    }

    [Fact]
    public void Digest_InAnyOrder_IsTheSame() =>
        Of(("ann", "1"), ("bob", "2"), ("cy", "3")).DifferingFrom(Of(("cy", "3"), ("ann", "1"), ("bob", "2")).Sums).ShouldBeEmpty();

    [Theory]
    [InlineData("ann", "2")]
    [InlineData("ann1", "")]
    [InlineData("an", "n1")]
    public void Digest_OfOthers_Differs(string userId, string info) =>
        Of(("ann", "1")).DifferingFrom(Of((userId, info)).Sums).Count.ShouldBeInRange(1, 2);

    [Fact]
    public void Differing_IsTheBucketOfWhoIsMissing_UnderEachKey()
    {
        var users = Enumerable.Range(0, 1_000).Select(user => $"u{user}").ToArray();
        foreach (var key in new[] { Key, new DigestKey(3, 4), DigestKey.New() })
        {
            var (all, some) = (new MemberDigest(key), new MemberDigest(key));
            foreach (var user in users)
            {
                all.Add(user, "{}"u8);
                if (user is not ("u17" or "u500"))
                {
                    some.Add(user, "{}"u8);
                }
            }

            some.DifferingFrom(all.Sums).ShouldBe(new[] { all.BucketOf("u17"), all.BucketOf("u500") }.Distinct().Order());
        }
    }

    /// <summary>Ids that fall into one bucket under one key are spread by another: nobody can choose them.</summary>
    [Fact]
    public void Buckets_UnderAnotherKey_AreOthers()
    {
        var digest = new MemberDigest(Key);
        var chosen = Enumerable.Range(0, 50_000).Select(user => $"u{user}").Where(user => digest.BucketOf(user) == 9).ToArray();

        chosen.Length.ShouldBeGreaterThan(100);
        chosen.Select(new MemberDigest(new DigestKey(3, 4)).BucketOf).Distinct().Count().ShouldBeGreaterThan(60);
    }

    [Fact]
    public void Differing_FromAnotherNumberOfBuckets_IsAll() => Of(("ann", "1")).DifferingFrom(new ulong[4]).Count.ShouldBe(MemberDigest.Buckets);

    private static MemberDigest Of(params (string UserId, string Info)[] members)
    {
        var digest = new MemberDigest(Key);
        foreach (var (userId, info) in members)
        {
            digest.Add(userId, System.Text.Encoding.UTF8.GetBytes(info));
        }

        return digest;
    }
}
