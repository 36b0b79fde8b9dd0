using System.Reflection;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>Makes one thing of all that a method can return: a value, a pair, nothing, or a task of one of them.</summary>
internal static class ReturnValue
{
    private static readonly MethodInfo OfTaskOf = Find(nameof(ReadTaskOfAsync));
    private static readonly MethodInfo OfValueTaskOf = Find(nameof(ReadValueTaskOfAsync));

    public static bool IsTask(Type type) => type == typeof(Task) || type == typeof(ValueTask) || IsGeneric(type, typeof(Task<>)) || IsGeneric(type, typeof(ValueTask<>));

    /// <summary>Reads what a method of this type has returned; null where there is no result.</summary>
    public static Func<object?, ValueTask<JsonRpcResult?>> ReaderOf(Type type) =>
        type == typeof(void) ? static _ => default
        : type == typeof(Task) ? static value => ReadTaskAsync((Task)value!)
        : type == typeof(ValueTask) ? static value => ReadTaskAsync(((ValueTask)value!).AsTask())
        : IsGeneric(type, typeof(Task<>)) ? Make(OfTaskOf, type)
        : IsGeneric(type, typeof(ValueTask<>)) ? Make(OfValueTaskOf, type)
        : type == typeof(JsonRpcResult) ? static value => ValueTask.FromResult((JsonRpcResult?)value)
        : static value => ValueTask.FromResult<JsonRpcResult?>(JsonRpcResult.Of(value));

    private static async ValueTask<JsonRpcResult?> ReadTaskAsync(Task task)
    {
#pragma warning disable VSTHRD003 // The service's own, whatever it is; no thread is held by waiting for it.
        await task;
#pragma warning restore VSTHRD003
        return null;
    }

    private static async ValueTask<JsonRpcResult?> ReadTaskOfAsync<T>(object? task) => Read(await (Task<T>)task!);

    private static async ValueTask<JsonRpcResult?> ReadValueTaskOfAsync<T>(object? task) => Read(await (ValueTask<T>)task!);

    private static JsonRpcResult? Read<T>(T value) => typeof(T) == typeof(JsonRpcResult) ? (JsonRpcResult?)(object?)value : JsonRpcResult.Of(value);

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static Func<object?, ValueTask<JsonRpcResult?>> Make(MethodInfo reader, Type type) =>
        reader.MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Func<object?, ValueTask<JsonRpcResult?>>>();

    private static MethodInfo Find(string name) => typeof(ReturnValue).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}
