using System.Security.Cryptography;
using System.Text;
using Broker.Node.Settings;

namespace Broker.Node.Tests.Settings;

public sealed class StoredTokenTests
{
    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("tokén")));

    [Theory]
    [InlineData("tokén", true)]
    [InlineData("token", false)]
    [InlineData("", false)]
    public void Matches_OfPlainAndHashed_IsTheSame(string given, bool matches)
    {
        StoredToken.Matches("tokén", given).ShouldBe(matches);
        StoredToken.Matches("sha256:" + Hash, given).ShouldBe(matches);
        StoredToken.Matches("sha256:" + Hash.ToUpperInvariant(), given).ShouldBe(matches);
    }

    [Theory]
    [InlineData("sha256:")]
    [InlineData("sha256:abc")]
    [InlineData("sha256:zz00000000000000000000000000000000000000000000000000000000000000")]
    public void Failure_OfWhatOnlyBeginsLikeAHash_SaysSo(string setting) => StoredToken.Failure(setting).ShouldNotBeNull();

    [Fact]
    public void Failure_OfATokenOrAHash_IsNone()
    {
        StoredToken.Failure("tokén").ShouldBeNull();
        StoredToken.Failure("sha256:" + Hash).ShouldBeNull();
    }
}
