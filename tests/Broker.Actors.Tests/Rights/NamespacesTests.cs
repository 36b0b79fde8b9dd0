using Broker.Actors.Rights;

namespace Broker.Actors.Tests.Rights;

public class NamespacesTests
{
    private static readonly Namespaces Spaces = new(
        [new Namespace("a", "*") { Publish = Right.Backend }, new Namespace("b", "*")],
        [
            new Namespace("a", "private-*") { Subscribe = Right.Proof },
            new Namespace("b", "private-*") { Subscribe = Right.Nobody },
            new Namespace("a", "private-x") { Subscribe = Right.User },
            new Namespace("a", "?") { Subscribe = Right.Backend },
            new Namespace("gone", "*"),
        ]);

    [Theory]
    [InlineData("a", "private-x", Right.Proof)]
    [InlineData("a", "x", Right.Backend)]
    [InlineData("a", "xy", Right.Anonymous)]
    [InlineData("a", "", Right.Anonymous)]
    [InlineData("b", "private-x", Right.Nobody)]
    [InlineData("b", "x", Right.Anonymous)]
    public void Find_ForAChannel_GivesTheFirstRuleOfItsAppThatMatches(string app, string channel, Right subscribe) =>
        Spaces.Find(app, channel)!.Subscribe.ShouldBe(subscribe);

    [Theory]
    [InlineData("gone")]
    [InlineData("A")]
    [InlineData("")]
    public void Find_ForAnAppThatDoesNotExist_IsNull(string app)
    {
        Spaces.Find(app, "x").ShouldBeNull();
        Spaces.HasApp(app).ShouldBeFalse();
    }

    [Theory]
    [InlineData(Right.Anonymous, "anonymous proven user granted granted-another backend")]
    [InlineData(Right.User, "proven user granted granted-another backend")]
    [InlineData(Right.Proof, "proven granted backend")]
    [InlineData(Right.Backend, "backend")]
    [InlineData(Right.Nobody, "")]
    [InlineData((Right)99, "")]
    public void Allows_ForEveryIdentity_IsTheMatrix(Right right, string allowed)
    {
        var whos = new (string Name, Identity Identity, bool Proven)[]
        {
            ("anonymous", Identity.Anonymous.Instance, false),
            ("proven", Identity.Anonymous.Instance, true),
            ("user", new Identity.User("ann"), false),
            ("granted", new Identity.User("ann") { Grants = new ChannelGrants(["b", "c"]) }, false),
            ("granted-another", new Identity.User("ann") { Grants = new ChannelGrants(["b", "c?"]) }, false),
            ("backend", new Identity.Backend("shop"), false),
        };

        string.Join(' ', whos.Where(who => Namespace.Allows(right, who.Identity, "c", who.Proven)).Select(who => who.Name)).ShouldBe(allowed);
    }

    [Fact]
    public void Publisher_OfDifferentIdentities_Differs()
    {
        Identity[] all = [Identity.Anonymous.Instance, new Identity.User("x"), new Identity.Backend("x"), new Identity.User("b:x")];

        all.Select(identity => identity.Publisher).Distinct(StringComparer.Ordinal).Count().ShouldBe(4);
    }
}
