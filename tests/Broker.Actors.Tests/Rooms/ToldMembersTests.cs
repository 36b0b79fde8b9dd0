using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Tests.Rooms;

public sealed class ToldMembersTests
{
    private readonly ToldMembers _told = new();

    [Fact]
    public void List_ThatHasWhoWasToldToHaveGone_BringsThemBack()
    {
        _told.Went("ann").ShouldBeTrue();
        _told.Went("bob").ShouldBeTrue();

        var (came, went) = _told.DifferenceTo([Member("ann"), Member("cy")]);

        came.Select(member => member.UserId).ShouldBe(["ann"]);   // nobody was told of the third: it may always have been here
        went.ShouldBeEmpty();
    }

    [Fact]
    public void List_ThatLacksWhoWasToldToHaveCome_TakesThemAway()
    {
        _told.Came("ann").ShouldBeTrue();
        _told.Came("bob").ShouldBeTrue();

        var (came, went) = _told.DifferenceTo([Member("bob")]);

        came.ShouldBeEmpty();
        went.ShouldBe(["ann"]);
    }

    [Fact]
    public void Change_ThatWasToldLast_IsNoNews()
    {
        _told.Came("ann").ShouldBeTrue();
        _told.Came("ann").ShouldBeFalse();
        _told.Went("ann").ShouldBeTrue();
        _told.Went("ann").ShouldBeFalse();
        _told.Came("ann").ShouldBeTrue();
    }

    private static Member Member(string user) => new(user, default, Connections: 1);
}
