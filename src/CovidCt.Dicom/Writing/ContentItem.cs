namespace CovidCt.Dicom.Writing;

/// <summary>An item of a report's content (PS3.3, section C.17.3) with those that belong to it.</summary>
/// <param name="Type">What kind of value it has.</param>
/// <param name="Name">What the value is of; null of an image.</param>
/// <param name="Value">Adds the value.</param>
internal sealed record ContentItem(string Type, Code? Name, Action<DataSetWriter> Value)
{
    private string _relationship = "CONTAINS";
    private IReadOnlyList<ContentItem> _children = [];

    public static ContentItem Text(Code name, string text) => new("TEXT", name, item => item.Text(Tags.TextValue, text));

    public static ContentItem Coded(Code name, Code value) =>
        new("CODE", name, item => item.Sequence(Tags.ConceptCodeSequence, value.Write));

    public static ContentItem Identifier(Code name, string uid) => new("UIDREF", name, item => item.Text(Tags.Uid, uid));

    public static ContentItem Image(SourceInstance image) =>
        new("IMAGE", null, item => item.Sequence(Tags.ReferencedSopSequence, image.Refer));

    public static ContentItem Container(Code name, params IEnumerable<ContentItem> children) =>
        new ContentItem("CONTAINER", name, item => item.Text(Tags.ContinuityOfContent, "SEPARATE")).With(children);

    /// <summary>The same in another relationship to the item that has it.</summary>
    public ContentItem As(string relationship) => this with { _relationship = relationship };

    /// <summary>The same with others that belong to it.</summary>
    public ContentItem With(IEnumerable<ContentItem> children) => this with { _children = [.. children] };

    /// <summary>Adds it as the root of a document.</summary>
    public void WriteRoot(DataSetWriter item)
    {
        item.Text(Tags.ValueType, Type);
        if (Name is not null)
        {
            item.Sequence(Tags.ConceptNameCodeSequence, Name.Write);
        }

        Value(item);
        if (_children.Count > 0)
        {
            item.Sequence(Tags.ContentSequence, _children.Select(child => (Action<DataSetWriter>)child.Write));
        }
    }

    private void Write(DataSetWriter item)
    {
        item.Text(Tags.RelationshipType, _relationship);
        WriteRoot(item);
    }
}
