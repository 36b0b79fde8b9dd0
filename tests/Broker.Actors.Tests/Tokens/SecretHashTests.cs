using Broker.Actors.Tokens;

namespace Broker.Actors.Tests.Tokens;

public sealed class SecretHashTests
{
    // printf %s 'correct horse battery' | sha256sum
    private const string Hashed = "sha256:9028ea0d15decaa35b2da21c0290af3b1a5ba0a30a591906f89b5074e209ea72";

    [Theory]
    [InlineData("correct horse battery", "correct horse battery", true)]
    [InlineData("correct horse battery", "correct horse batterY", false)]
    [InlineData("correct horse battery", "", false)]
    [InlineData("correct horse battery", Hashed, false)]
    [InlineData(Hashed, "correct horse battery", true)]
    [InlineData(Hashed, "correct horse", false)]
    [InlineData(Hashed, Hashed, false)]
    public void Matches_OfWhatSomebodyBrings_IsTheSecretAlone(string setting, string presented, bool matches)
    {
        SecretHash.Read(setting)!.Matches(presented).ShouldBe(matches);
        SecretHash.AnyMatches([SecretHash.Read("another")!, SecretHash.Read(setting)!, SecretHash.Read("a third")!], presented).ShouldBe(matches);
        SecretHash.AnyMatches([], presented).ShouldBeFalse();
    }

    [Theory]
    [InlineData("sha256:")]
    [InlineData("sha256:00")]
    [InlineData("sha256:" + "zz11111111111111111111111111111111111111111111111111111111111111")]
    [InlineData(Hashed + "00")]
    public void Read_OfAHashThatIsNone_IsNull(string setting) => SecretHash.Read(setting).ShouldBeNull();
}
