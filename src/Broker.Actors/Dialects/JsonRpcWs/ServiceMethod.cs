using System.Reflection;
using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>One method that clients can call.</summary>
internal sealed class ServiceMethod
{
    private readonly MethodInvoker _invoker;
    private readonly ServiceParameter[] _parameters;
    private readonly Func<object?, ValueTask<JsonRpcResult?>> _result;
    private readonly int _required;
    private readonly int _most;

    public ServiceMethod(MethodInfo method)
    {
        _invoker = MethodInvoker.Create(method);
        _parameters = [.. method.GetParameters().Select(parameter => new ServiceParameter(parameter))];
        _result = ReturnValue.ReaderOf(method.ReturnType);
        _most = _parameters.Count(parameter => !parameter.IsToken);
        _required = _parameters.Count(parameter => parameter is { IsToken: false, IsOptional: false });
    }

    /// <summary>Makes arguments of what a client sent; false when it does not fit.</summary>
    /// <param name="positional">An array.</param>
    /// <param name="cancellation">For a parameter that takes one.</param>
    public bool TryBind(JsonElement positional, JsonSerializerOptions options, CancellationToken cancellation, out object?[] arguments)
    {
        arguments = new object?[_parameters.Length];
        var count = positional.GetArrayLength();
        if (count < _required || count > _most)
        {
            return false;
        }

        var next = 0;
        for (var i = 0; i < _parameters.Length; i++)
        {
            var parameter = _parameters[i];
            if (parameter.IsToken)
            {
                arguments[i] = cancellation;
            }
            else if (next == count)
            {
                arguments[i] = parameter.Default;
            }
            else if (!parameter.TryRead(positional[next++], options, out arguments[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Runs it, on the caller's thread as far as it does not wait; null where it has no result.</summary>
    public ValueTask<JsonRpcResult?> InvokeAsync(JsonRpcService service, object?[] arguments) =>
        _result(_invoker.Invoke(service, arguments.AsSpan()));
}
