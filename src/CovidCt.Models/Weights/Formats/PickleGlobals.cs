namespace CovidCt.Models.Weights.Formats;

/// <summary>All the names that a pickled state_dict needs, and what each does here.</summary>
/// <remarks>Names and arguments: PyTorch, torch/_utils.py, torch/storage.py and torch/serialization.py.</remarks>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, PickleGlobal> Others = new PickleGlobal[]
    {
        new PickleGlobal.Callable("collections.OrderedDict", OrderedDict),
        new PickleGlobal.Callable("torch._utils._rebuild_tensor", arguments => Tensor(arguments, least: 4)),
        new PickleGlobal.Callable("torch._utils._rebuild_tensor_v2", TensorOfStorage),
        new PickleGlobal.Callable("torch._utils._rebuild_tensor_v3", TensorOfType),
        new PickleGlobal.Callable("torch._utils._rebuild_parameter", Parameter),
        new PickleGlobal.Callable("torch._utils._rebuild_parameter_with_state", Parameter),
        new PickleGlobal.Callable("torch.Size", arguments => arguments is [PickleTuple size] ? size : throw Wrong("torch.Size")),
        new PickleGlobal.Callable("torch.device", _ => PickleOpaque.Value),
        new PickleGlobal.Storage("torch.UntypedStorage", NumberType.Bytes),
        new PickleGlobal.Storage("torch.storage.UntypedStorage", NumberType.Bytes),
    }.ToDictionary(global => global.Name, StringComparer.Ordinal);

    /// <exception cref="FormatException">A state_dict doesn't need the name; nothing of it is looked up or called.</exception>
    public static PickleGlobal Find(string module, string name)
    {
        var full = $"{module}.{name}";
        if (Others.TryGetValue(full, out var known))
        {
            return known;
        }

        if (module is "torch" or "torch.cuda" && NumberType.OfStorage(name) is { } stored)
        {
            return new PickleGlobal.Storage(full, stored);
        }

        if (module == "torch" && NumberType.OfDType(name) is { } type)
        {
            return new PickleGlobal.DType(full, type);
        }

        throw new FormatException(
            $"it asks for '{Shown(full)}', which a state_dict of plain tensors doesn't need; nothing of it was run. " +
            "If you trust the file, load it in Python and save state_dict() alone");
    }

    private static string Shown(string name) => name.Length <= 200 ? name : name[..200] + "…";

    // Python 2 wrote the items as one argument, a list of lists of two.
    private static PickleDictionary OrderedDict(object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments is [])
        {
            return dictionary;
        }

        foreach (var item in arguments is [List<object?> items] ? items : throw Wrong("collections.OrderedDict"))
        {
            dictionary.Items.Add(item switch
            {
                List<object?> { Count: 2 } pair => new(pair[0], pair[1]),
                PickleTuple { Items: [var key, var value] } => new(key, value),
                _ => throw Wrong("collections.OrderedDict"),
            });
        }

        return dictionary;
    }

    private static PickleTensor Tensor(object?[] arguments, int least) =>
        arguments.Length >= least && arguments is [PickleStorage storage, long offset, PickleTuple shape, PickleTuple strides, ..]
            ? new(storage, storage.Type, offset, Counts(shape), Counts(strides))
            : throw Wrong("torch._utils._rebuild_tensor");

    private static PickleTensor TensorOfStorage(object?[] arguments) => Unmarked(Tensor(arguments, least: 6), arguments, at: 6);

    private static PickleTensor TensorOfType(object?[] arguments) =>
        arguments is [_, _, _, _, _, _, PickleGlobal.DType type, ..]
            ? Unmarked(Tensor(arguments, least: 7), arguments, at: 7) with { Type = type.Type }
            : throw Wrong("torch._utils._rebuild_tensor_v3");

    // PyTorch's own marks: that the numbers stand for their negatives ('neg') or conjugates ('conj').
    private static PickleTensor Unmarked(PickleTensor tensor, object?[] arguments, int at) =>
        arguments.Length <= at || arguments[at] is not PickleDictionary { Items: var marks } || marks.All(mark => mark.Value is false)
            ? tensor
            : throw new FormatException($"it has a tensor that is marked '{marks.First(mark => mark.Value is not false).Key}', which is "
                + "not read here: save it with resolve_neg() and resolve_conj()");

    private static PickleTensor Parameter(object?[] arguments) =>
        arguments is [PickleTensor tensor, ..] ? tensor : throw Wrong("torch._utils._rebuild_parameter");

    private static long[] Counts(PickleTuple tuple) =>
        tuple.Items.Length <= FileContents.MostDimensions
            ? Array.ConvertAll(
                tuple.Items,
                item => item is long count and >= 0 ? count : throw new FormatException("a tensor's shape or stride is no list of counts"))
            : throw new FormatException($"a tensor has {tuple.Items.Length} dimensions, and {FileContents.MostDimensions} is the limit");

    private static FormatException Wrong(string name) => new($"its pickle calls '{name}' with other arguments than PyTorch gives it");
}
