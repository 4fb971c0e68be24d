// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over files and folders of inputs, once each: what was found stays mended.
#include "tests/fuzz/fuzz.h"

#include <sstream>

namespace fs = std::filesystem;

namespace {

void replay(const fs::path &path)
{
    std::stringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    const std::string text = bytes.str();
    std::fprintf(stderr, "%s\n", path.c_str());  // the last line names the input of a crash
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(text.data()), text.size());
}

}  // namespace

int main(int argc, char **argv)
{
    int replayed = 0;
    for (int i = 1; i < argc; ++i) {
        if (fs::is_regular_file(argv[i])) {
            replay(argv[i]);
            ++replayed;
        } else if (fs::is_directory(argv[i])) {
            for (const auto &entry : fs::directory_iterator(argv[i])) {
                replay(entry.path());
                ++replayed;
            }
        }
    }
    std::printf("%d inputs\n", replayed);
    return replayed > 0 ? 0 : 1;
}
