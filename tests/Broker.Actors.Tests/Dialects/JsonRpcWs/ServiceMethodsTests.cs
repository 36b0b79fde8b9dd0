using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Broker.Actors.Dialects.JsonRpcWs;

namespace Broker.Actors.Tests.Dialects.JsonRpcWs;

/// <summary>What clients can call, by which names, and with which parameters.</summary>
[SuppressMessage("Usage", "xUnit1013", Justification = "What is public there is what is tested.")]
public sealed class ServiceMethodsTests : IDisposable
{
    private readonly ServiceMethods _methods = ServiceMethods.Read(typeof(Sample), out _)!;
    private readonly Sample _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public void Names_AreThoseOfTheClassAndItsOwnBases_AndNoOthers() => _methods.Names.Order(StringComparer.Ordinal).ShouldBe(
        ["by_hand", "data", "from_the_base", "get2_things", "get_http_status", "many", "overridden", "set_username", "token", "wait", "würde"]);

    [Theory]
    [InlineData("set_username", "[\"ann\"]", "ann")]
    [InlineData("set_username", "[\"\"]", "")]
    [InlineData("set_username", "[null]", null)]
    [InlineData("set_username", "[1]", null)]
    [InlineData("set_username", "[]", null)]
    [InlineData("set_username", "[\"ann\",1]", null)]
    [InlineData("many", "[1]", "1 x null 1.5 Two")]
    [InlineData("many", "[1,\"y\",\"z\",2,1]", "1 y z 2 One")]
    [InlineData("many", "[1,\"y\",null,null,1]", "1 y null null One")]
    [InlineData("many", "[1,null]", null)]
    [InlineData("many", "[1.5]", null)]
    [InlineData("many", "[\"1\"]", null)]
    [InlineData("many", "[99999999999]", null)]
    [InlineData("many", "[true]", null)]
    [InlineData("many", "[1,\"y\",\"z\",2,1,6]", null)]
    [InlineData("data", "[{\"name\":\"a\",\"Sizes\":[1,2]}]", "a 1,2")]
    [InlineData("data", "[{\"name\":\"a\",\"sizes\":[],\"more\":1}]", "a ")]
    [InlineData("data", "[{\"name\":null,\"sizes\":[]}]", null)]
    [InlineData("data", "[{\"sizes\":[]}]", null)]
    [InlineData("data", "[[]]", null)]
    [InlineData("token", "[1]", "1 True")]
    [InlineData("token", "[]", null)]
    [InlineData("token", "[1,2]", null)]
    public async Task Bind_TakesWhatFits_AndNothingElse(string method, string parameters, string? result)
    {
        using var cancellation = new CancellationTokenSource();
        var found = _methods.Find(method)!;

        var fits = found.TryBind(JsonElement.Parse(parameters), ServiceJson.Options, cancellation.Token, out var arguments);

        fits.ShouldBe(result is not null);
        if (fits)
        {
            (await found.InvokeAsync(_service, arguments))!.Value.ShouldBe(result);
        }
    }

    [Fact]
    public async Task Invoke_OfEachReturnType_GivesItsValue()
    {
        (await InvokeAsync("wait"))!.Value.ShouldBe(3);
        (await InvokeAsync("get_http_status"))!.Value.ShouldBe(200);
        (await InvokeAsync("by_hand"))!.ErrorValue.ShouldBe("no");
        (await InvokeAsync("from_the_base")).ShouldBeNull();
        (await InvokeAsync("overridden")).ShouldBeNull();
        (await InvokeAsync("get2_things")).ShouldBeNull();
    }

    [Theory]
    [InlineData(typeof(EmptyName), "has the method A, whose name for clients, \"\", is empty or begins with _.")]
    [InlineData(typeof(PrivateName), "has the method A, whose name for clients, \"_a\", is empty or begins with _.")]
    [InlineData(typeof(Generic), "has the generic method A, which cannot be called: make it private, or [NotCallable].")]
    [InlineData(typeof(ByRef), "has the method A, whose parameter number cannot come from JSON.")]
    [InlineData(typeof(SpanResult), "has the method A, whose result cannot become JSON.")]
    [InlineData(typeof(SameName), "has two methods that clients would call \"a\": give one another name by [JsonRpcMethod].")]
    public void Read_OfAClassThatCannotBe_SaysWhy(Type service, string problem)
    {
        ServiceMethods.Read(service, out var said).ShouldBeNull();
        said.ShouldBe(problem);
    }

    [Fact]
    public void Error_MustBeSomething() => Should.Throw<ArgumentNullException>(() => JsonRpcResult.Error(null!));

    private ValueTask<JsonRpcResult?> InvokeAsync(string method)
    {
        var found = _methods.Find(method)!;
        found.TryBind(JsonElement.Parse("[]"), ServiceJson.Options, default, out var arguments).ShouldBeTrue();
        return found.InvokeAsync(_service, arguments);
    }

    public enum Number
    {
        One = 1,
        Two = 2,
    }

    public abstract class Base : JsonRpcService
    {
        public void FromTheBase()
        {
        }

        public virtual ValueTask Overridden() => throw new InvalidOperationException();
    }

    public sealed class Sample : Base, IDisposable, IAsyncDisposable
    {
        public string Property { get; set; } = "";

        public static void Static()
        {
        }

        public string SetUsername(string name) => name;

        public async Task<int> WaitAsync()
        {
            await Task.Yield();
            return 3;
        }

        public ValueTask<int> GetHTTPStatus() => ValueTask.FromResult(200);

        public Task Get2Things() => Task.CompletedTask;

        public string Many(int a, string b = "x", string? c = null, double? d = 1.5, Number e = Number.Two) =>
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{a} {b} {c ?? "null"} {d?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"} {e}");

        public string Data(Details data) => $"{data.Name} {string.Join(',', data.Sizes)}";

        public string Token(int number, CancellationToken cancellation) => $"{number} {cancellation.CanBeCanceled}";

        [JsonRpcMethod("by_hand")]
        public Task<JsonRpcResult> SomethingElse() => Task.FromResult(JsonRpcResult.Error("no"));

        [JsonRpcMethod("würde")]
        public int Dignity() => 1;

        [NotCallable]
        public void Kept()
        {
        }

        public void _Private()
        {
        }

        public override ValueTask Overridden() => default;

        public override string ToString() => "";

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;

        internal void Internal()
        {
        }
    }

    public sealed record Details
    {
        public required string Name { get; init; }

        public int[] Sizes { get; init; } = [];
    }

    public sealed class EmptyName : JsonRpcService
    {
        [JsonRpcMethod("")]
        public void A()
        {
        }
    }

    public sealed class PrivateName : JsonRpcService
    {
        [JsonRpcMethod("_a")]
        public void A()
        {
        }
    }

    public sealed class Generic : JsonRpcService
    {
        public T? A<T>() => default;
    }

    public sealed class ByRef : JsonRpcService
    {
        public void A(ref int number) => number++;
    }

    public sealed class SpanResult : JsonRpcService
    {
        public ReadOnlySpan<char> A() => "";
    }

    public sealed class SameName : JsonRpcService
    {
        public void A()
        {
        }

        public void A(int number) => _ = number;
    }
}
