// SPDX-License-Identifier: Apache-2.0
#include "core/formats/annotation/annotations.h"

#include "core/formats/annotation/tool.h"

#include <algorithm>

namespace core {

bool readAnnotations(RecordFile &file)
{
    using namespace annotation;
    // The surest signs first.
    static const Tool *const tools[] = {&LabelStudio, &LabelStudioTable, &Labelbox,    &Prodigy, &Argilla2, &Argilla1,
                                        &Refinery,    &LightTag,         &GroundTruth, &Vertex,  &Kili,     &Ubiai,
                                        &Doccano,     &SpacyCats};
    if (file.records.empty())
        return false;
    const auto found =
        std::find_if(std::begin(tools), std::end(tools), [&](const Tool *tool) { return tool->isFrom(file); });
    if (found == std::end(tools))
        return false;
    (*found)->read(file);
    return true;
}

}  // namespace core
