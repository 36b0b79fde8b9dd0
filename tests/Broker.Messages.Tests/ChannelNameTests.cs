namespace Broker.Messages.Tests;

public class ChannelNameTests
{
    [Fact]
    public void Equals_ForTheSameAppAndText_IsTrue()
    {
        var name = new ChannelName("app", "news");
        name.ShouldBe(new ChannelName(new string("app"), new string("news")));
        name.GetHashCode().ShouldBe(new ChannelName("app", "news").GetHashCode());
        (name == new ChannelName("app", "news")).ShouldBeTrue();
        name.ToString().ShouldBe("app/news");
    }

    [Theory]
    [InlineData("app", "News")]
    [InlineData("App", "news")]
    [InlineData("appn", "ews")]
    [InlineData("news", "app")]
    public void Equals_ForAnotherAppOrText_IsFalse(string app, string text) =>
        (new ChannelName("app", "news") != new ChannelName(app, text)).ShouldBeTrue();

    [Fact]
    public void Equals_OfNone_IsTrueOfNoneOnly()
    {
        ChannelName none = default;
        none.Equals(default).ShouldBeTrue();
        none.Equals(new ChannelName("", "")).ShouldBeFalse();
    }
}
