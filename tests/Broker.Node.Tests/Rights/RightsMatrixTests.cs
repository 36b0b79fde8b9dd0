using Broker.Actors.Rights;

namespace Broker.Node.Tests.Rights;

/// <summary>Each right, each identity, each deed, each way: what a channel allows depends on the first three alone.</summary>
[Trait("Needs", "server")]
public sealed class RightsMatrixTests(RightsNode node) : IClassFixture<RightsNode>
{
    /// <summary>A new dialect or API adds its line here.</summary>
    private static readonly Dictionary<string, Func<RightsNode, Way>> Ways = new(StringComparer.Ordinal)
    {
        ["native"] = node => new NativeWay(node),
        ["rocketws"] = node => new RocketWsWay(node),
        ["rocketws source"] = node => new RocketWsSourceWay(node),
        ["jsonrpc"] = node => new JsonRpcWay(node),
        ["http api"] = node => new HttpApiWay(node),
        ["sse"] = node => new SseWay(node),
        ["webrocket 1"] = node => new WebRocketWay(node, version: 1),
        ["webrocket 2"] = node => new WebRocketWay(node, version: 2),
    };

    /// <summary>Which rights each identity has.</summary>
    private static readonly Dictionary<Who, Right[]> Has = new()
    {
        [Who.Anonymous] = [Right.Anonymous],
        [Who.User] = [Right.Anonymous, Right.User],
        [Who.UserWithGrant] = [Right.Anonymous, Right.User, Right.Proof],
        [Who.UserWithGrantForAnother] = [Right.Anonymous, Right.User],
        [Who.AnonymousWithToken] = [Right.Anonymous, Right.User, Right.Proof],
        [Who.UserWithToken] = [Right.Anonymous, Right.User, Right.Proof],
        [Who.UserWithTokenForAnother] = [],
        [Who.UserWithTokenOfAnother] = [],
        [Who.NotAuthenticated] = [],
        [Who.Reader] = [Right.Anonymous, Right.User],
        [Who.Writer] = [Right.Anonymous, Right.User],
        [Who.ReaderAndWriter] = [Right.Anonymous, Right.User],
        [Who.Backend] = [Right.Anonymous, Right.User, Right.Proof, Right.Backend],
    };

    public static TheoryData<string, Who> Rows => [.. from way in Ways from who in way.Value(null!).Whos select (way.Key, who)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Channel_AllowsWhatItsNamespaceSays_AndNothingElse(string wayName, Who who)
    {
        var way = Ways[wayName](node);
        var wrong = new List<string>();
        foreach (var deed in way.Deeds)
        {
            foreach (var right in Enum.GetValues<Right>())
            {
                var channel = $"{What(deed)}-{right}-{wayName}-{who}-{deed}";
                var expected = Has[who].Contains(right) && (deed != Deed.Join || HasName(who)) && May(who, deed);
                if (await way.TryAsync(who, deed, channel) != expected)
                {
                    wrong.Add($"{deed} where it is for {right} should be {(expected ? "done" : "refused")}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Rows_HaveEveryWayEveryIdentityAndEveryDeed()
    {
        var ways = Ways.Values.Select(way => way(node)).ToArray();

        ways.SelectMany(way => way.Whos).Distinct().Order().ShouldBe(Enum.GetValues<Who>());
        ways.SelectMany(way => way.Deeds).Distinct().Order().ShouldBe(Enum.GetValues<Deed>());
    }

    /// <summary>An app with credentials grants nothing that no namespace grants.</summary>
    [Fact]
    public async Task Channel_WithoutANamespace_IsForUsersWhateverTheWay()
    {
        foreach (var (name, create) in Ways)
        {
            var way = create(node);
            foreach (var deed in way.Deeds.Where(deed => name != "rocketws" || deed == Deed.Subscribe))
            {
                foreach (var who in way.Whos.Where(who => who is Who.Anonymous or Who.User or Who.Backend or Who.NotAuthenticated or Who.ReaderAndWriter))
                {
                    var isDone = await way.TryAsync(who, deed, $"unnamed-{name}-{deed}-{who}");
                    isDone.ShouldBe(who is not (Who.Anonymous or Who.NotAuthenticated), $"{name} {deed} {who}");
                }
            }
        }
    }

    /// <summary>Some may less than their channel allows.</summary>
    private static bool May(Who who, Deed deed) => who switch
    {
        Who.Reader => deed != Deed.Publish,
        Who.Writer => deed == Deed.Publish,
        _ => true,
    };

    /// <summary>Nobody in particular cannot be present.</summary>
    private static bool HasName(Who who) => who is not (Who.Anonymous or Who.AnonymousWithToken);

    private static string What(Deed deed) => deed switch
    {
        Deed.Subscribe or Deed.ReadHistory => "subscribe",
        Deed.Publish => "publish",
        _ => "presence",
    };
}
