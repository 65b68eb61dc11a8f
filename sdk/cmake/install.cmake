# SPDX-License-Identifier: Apache-2.0
# The installed package, and by `cpack` a .deb of it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/tidings)
install(TARGETS tidings_client EXPORT tidings ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/tidings DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT tidings NAMESPACE tidings:: FILE tidingsTargets.cmake DESTINATION ${package_folder})
configure_package_config_file(cmake/tidingsConfig.cmake.in tidingsConfig.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(tidingsConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tidingsConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/tidingsConfigVersion.cmake
        DESTINATION ${package_folder})
install(DIRECTORY example DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME libtidings-client-dev)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Tidings <tidings@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "C++ client of the Tidings messaging gateway and the MessageMedia Messages API")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "libboost1.81-dev, libboost-json1.81-dev, libboost-url1.81-dev, libssl-dev (>= 3.0)")
include(CPack)
