using System.Globalization;
using System.Runtime.InteropServices;

namespace CovidCt.Models.Onnx;

/// <summary>
/// A graph of ONNX operators that is put together node by node: Bai et al., "ONNX: Open Neural Network Exchange", IR version 8 and
/// operator set 17, which ONNX Runtime takes from 1.12 on. Values are known by their names; constants lie in the file beside the nodes.
/// </summary>
internal sealed class OnnxGraph
{
    private const int IrVersion = 8, OperatorSet = 17;
    private const int FloatType = 1, UInt8Type = 2, Int8Type = 3, Int32Type = 6, Int64Type = 7, BoolType = 9;
    private const int FloatAttribute = 1, IntAttribute = 2, GraphAttribute = 5, IntsAttribute = 7;

    private readonly ProtobufMessage _nodes = new(), _constants, _inputs = new(), _outputs = new();
    private readonly Dictionary<string, int> _counts;

    public OnnxGraph() => (_constants, _counts) = (new(), []);

    // A branch's constants lie in the whole graph, and no two names are one.
    private OnnxGraph(OnnxGraph whole) => (_constants, _counts) = (whole._constants, whole._counts);

    /// <summary>Adds an input, float32.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">A size, as a whole number, or the name of an open one, for each dimension.</param>
    public string Input(string name, params object[] shape) => Described(_inputs, 11, name, shape);

    /// <summary>Adds a switch, which is on where nobody says otherwise.</summary>
    /// <param name="name">Its name.</param>
    public string Switch(string name)
    {
        _constants.Add(5, new ProtobufMessage().Add(2, BoolType).Add(8, name).Add(9, (byte[])[1]));
        return Described(_inputs, 11, name, [], BoolType);
    }

    /// <summary>
    /// A part of the graph that is computed under a condition alone: its nodes may take what nodes before <see cref="If"/> made.
    /// </summary>
    public OnnxGraph Branch() => new(this);

    /// <summary>Adds the choice between a value of one branch, and one of another.</summary>
    /// <param name="condition">The switch.</param>
    /// <param name="on">The branch where it is on, and its value.</param>
    /// <param name="off">The other.</param>
    /// <param name="dimensions">How many dimensions both have.</param>
    public string If(string condition, (OnnxGraph Branch, string Value) on, (OnnxGraph Branch, string Value) off, int dimensions) => Add(
        "If", [condition],
        ("then_branch", on.Branch.Ended(on.Value, dimensions)), ("else_branch", off.Branch.Ended(off.Value, dimensions)));

    /// <summary>Names a value as an output, float32.</summary>
    /// <param name="name">Its name there.</param>
    /// <param name="value">The value.</param>
    /// <param name="shape">As of <see cref="Input"/>.</param>
    public void Output(string name, string value, params object[] shape)
    {
        Node("Identity", [value], [name]);
        Described(_outputs, 12, name, shape);
    }

    /// <summary>Adds a node with one result.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">The names of its arguments.</param>
    /// <param name="attributes">Whole numbers, lists of them, or float32 numbers.</param>
    /// <returns>The name of the result.</returns>
    public string Add(string operation, IReadOnlyList<string> inputs, params (string Name, object Value)[] attributes) =>
        Add(operation, inputs, results: 1, attributes)[0];

    /// <summary>Adds a node with several results.</summary>
    /// <returns>Their names.</returns>
    /// <inheritdoc cref="Add(string, IReadOnlyList{string}, ValueTuple{string, object}[])" path="/param"/>
    /// <param name="results">How many there are.</param>
    public IReadOnlyList<string> Add(
        string operation, IReadOnlyList<string> inputs, int results, params (string Name, object Value)[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, results).Select(_ => Fresh(operation))];
        Node(operation, inputs, names, attributes);
        return names;
    }

    /// <summary>Adds numbers, float32.</summary>
    public string Constant(ReadOnlySpan<float> values, params long[] shape) =>
        Constant(FloatType, MemoryMarshal.AsBytes(values).ToArray(), shape);

    /// <summary>Adds a number without dimensions.</summary>
    public string Constant(double value) => Constant([(float)value]);

    /// <summary>Adds whole numbers of 8 bits.</summary>
    public string Bytes(ReadOnlySpan<byte> values, params long[] shape) => Constant(UInt8Type, values.ToArray(), shape);

    /// <inheritdoc cref="Bytes(ReadOnlySpan{byte}, long[])"/>
    public string Bytes(ReadOnlySpan<sbyte> values, params long[] shape) =>
        Constant(Int8Type, MemoryMarshal.AsBytes(values).ToArray(), shape);

    /// <summary>Adds whole numbers of 32 bits.</summary>
    public string Integers(ReadOnlySpan<int> values, params long[] shape) =>
        Constant(Int32Type, MemoryMarshal.AsBytes(values).ToArray(), shape);

    /// <summary>Adds a list of whole numbers of 64 bits.</summary>
    public string Integers(params long[] values) => Constant(Int64Type, MemoryMarshal.AsBytes<long>(values).ToArray(), [values.Length]);

    /// <summary>The file's bytes as a message.</summary>
    /// <param name="name">What the graph is called.</param>
    /// <param name="producer">The program that made it, and its version.</param>
    /// <param name="metadata">What is said of it besides.</param>
    public ProtobufMessage ToModel(string name, (string Name, string Version) producer, IReadOnlyDictionary<string, string> metadata)
    {
        var graph = new ProtobufMessage().AddAll(_nodes).Add(2, name).AddAll(_constants).AddAll(_inputs).AddAll(_outputs);
        var model = new ProtobufMessage()
            .Add(1, IrVersion).Add(2, producer.Name).Add(3, producer.Version).Add(7, graph)
            .Add(8, new ProtobufMessage().Add(1, "").Add(2, OperatorSet));
        foreach (var (key, value) in metadata)
        {
            model.Add(14, new ProtobufMessage().Add(1, key).Add(2, value));
        }

        return model;
    }

    private void Node(
        string operation, IReadOnlyList<string> inputs, string[] results, params (string Name, object Value)[] attributes)
    {
        var node = new ProtobufMessage();
        foreach (var input in inputs)
        {
            node.Add(1, input);
        }

        foreach (var result in results)
        {
            node.Add(2, result);
        }

        node.Add(3, results[0]).Add(4, operation);
        foreach (var (name, value) in attributes)
        {
            node.Add(5, Attribute(name, value));
        }

        _nodes.Add(1, node);
    }

    private static ProtobufMessage Attribute(string name, object value)
    {
        var attribute = new ProtobufMessage().Add(1, name);
        switch (value)
        {
            case float number:
                return attribute.Add(2, number).Add(20, FloatAttribute);
            case int number:
                return attribute.Add(3, number).Add(20, IntAttribute);
            case ProtobufMessage graph:
                return attribute.Add(6, graph).Add(20, GraphAttribute);
            case IEnumerable<long> numbers:
                foreach (var number in numbers)
                {
                    attribute.Add(8, number);
                }

                return attribute.Add(20, IntsAttribute);
            default:
                throw new ArgumentException($"An attribute is a {value.GetType().Name}.", nameof(value));
        }
    }

    private string Constant(int type, byte[] values, ReadOnlySpan<long> shape)
    {
        var name = Fresh("constant");
        var tensor = new ProtobufMessage();
        foreach (var size in shape)
        {
            tensor.Add(1, size);
        }

        _constants.Add(5, tensor.Add(2, type).Add(8, name).Add(9, values));
        return name;
    }

    private ProtobufMessage Ended(string value, int dimensions)
    {
        var name = Fresh("branch");
        Output(name, value, [.. Enumerable.Range(0, dimensions).Select(dimension => (object)$"{name}_{dimension}")]);
        return new ProtobufMessage().AddAll(_nodes).Add(2, name).AddAll(_outputs);
    }

    private static string Described(ProtobufMessage list, int field, string name, object[] shape, int type = FloatType)
    {
        var dimensions = new ProtobufMessage();
        foreach (var size in shape)
        {
            dimensions.Add(1, size is string open
                ? new ProtobufMessage().Add(2, open)
                : new ProtobufMessage().Add(1, Convert.ToInt64(size, CultureInfo.InvariantCulture)));
        }

        var tensor = new ProtobufMessage().Add(1, type).Add(2, dimensions);
        list.Add(field, new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, tensor)));
        return name;
    }

    private string Fresh(string stem)
    {
        var number = _counts.GetValueOrDefault(stem);
        _counts[stem] = number + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{stem}_{number}");
    }
}
